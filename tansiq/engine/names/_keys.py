"""Keys under which a name is filed, so that every spelling of it meets at one of them."""

from typing import Final

from tansiq.engine.names._normal import normal_form
from tansiq.engine.names._sound import loose, sounds

_SHORTEST_WORD: Final = 2


def search_keys(name: str) -> tuple[str, ...]:
    """Give the keys of a name for an index; two names that share a key may be the same place.

    name : str                in any of the scripts
    Returns : strings         'n:' its letters in normal form, run together; 's:' its consonants, in
                              classes that hold across scripts; 'w:' the same for each longer word
    """
    plain = normal_form(name).replace(" ", "")
    keys = [f"n:{plain}"] if plain else []
    for reading in sounds(name):
        whole = loose(reading.whole)
        words = [loose(word) for word in reading.words]
        heard = loose(reading.whole.replace("h", "H"))
        keys += [f"s:{sound}" for sound in (whole, heard) if sound]
        keys += [f"w:{word}" for word in words if len(word) >= _SHORTEST_WORD]
    return tuple(dict.fromkeys(keys))
