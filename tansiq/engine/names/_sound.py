"""How a name sounds, whatever its script: consonants, vowels, and marks for kinds of place.

A sound is a string. Capitals and '$' are consonants, 'a', 'i', 'u' are vowels, 't' is the t of a word bound
to the next one (Khirbat, Givat), which many spellings leave out, and 'h' is the h that ends a Latin word and
may be heard (Rafah) or not (Jabaliyah). Letters of other scripts stand for themselves.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from tansiq.engine.names._generic import MEANING_OF
from tansiq.engine.names._normal import normal_form

_LATIN: Final = {
    "sch": "$", "tch": "C", "sh": "$", "ch": "C", "kh": "X", "gh": "G", "th": "T", "dh": "D", "ph": "F",
    "tz": "S", "ts": "S", "zh": "J", "ck": "K", "qu": "Q", "b": "B", "c": "K", "d": "D", "f": "F", "g": "G",
    "h": "H", "j": "J", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P", "q": "Q", "r": "R", "s": "S",
    "t": "T", "v": "V", "w": "u", "x": "KS", "y": "i", "z": "Z", "a": "a", "e": "i", "i": "i", "o": "u", "u": "u",
}  # fmt: skip
_ARABIC: Final = {
    "تس": "S", "تش": "C", "ا": "a", "ب": "B", "ت": "T", "ث": "T", "ج": "J", "ح": "H", "خ": "X", "د": "D",
    "ذ": "D", "ر": "R", "ز": "Z", "س": "S", "ش": "$", "ص": "S", "ض": "D", "ط": "T", "ظ": "Z", "ع": "",
    "غ": "G", "ف": "F", "ق": "Q", "ك": "K", "ل": "L", "م": "M", "ن": "N", "ه": "H", "و": "u", "ي": "i",
    "پ": "P", "چ": "C", "ژ": "J", "ڤ": "V", "گ": "G",
    "ڕ": "R", "ڵ": "L", "ۇ": "u", "ۆ": "u", "ێ": "i", "ې": "i", "ٹ": "T", "ڈ": "D", "ڑ": "R", "ں": "N", "ے": "i",
}  # fmt: skip
_HEBREW: Final = {
    "וו": "V", "טש": "C", "א": "a", "ב": "B", "ג": "G", "ד": "D", "ה": "H", "ו": "u", "ז": "Z", "ח": "X",
    "ט": "T", "י": "i", "כ": "K", "ל": "L", "מ": "M", "נ": "N", "ס": "S", "ע": "", "פ": "P", "צ": "S",
    "ק": "Q", "ר": "R", "ש": "$", "ת": "T",
}  # fmt: skip
_SOUNDS: Final = {**_LATIN, **_ARABIC, **_HEBREW}
_INITIAL: Final = {"w": "W", "y": "Y", "و": "W", "ي": "Y", "ו": "V", "י": "Y"}
_PIECES: Final = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)) + "|.")
_SOFT_AT_END: Final = {"h": "h", "ه": "a", "ה": "a"}
_BOUND_T: Final = re.compile(r"(?<=..)[ae]t$|(?<=..)ت$|(?<=..)ת$")
_ARTICLES: Final = {
    "al": "", "el": "", "il": "", "ul": "", "ha": "", "he": "", "ash": "s", "esh": "s", "as": "s", "es": "s",
    "at": "t", "et": "t", "ath": "t", "eth": "t", "ad": "d", "ed": "d", "adh": "d", "edh": "d", "ar": "r",
    "er": "r", "an": "n", "en": "n", "az": "z", "ez": "z", "ال": "", "אל": "", "א": "", "ה": "",
}  # fmt: skip
_JOINED_ARTICLE: Final = re.compile(r"^(?:ال(?=..)|[ae]l(?=...)|[ae](?=([nrstdz])\1..)|ha(?=....)|ה(?=...))")
# A vav inside a word may be a vowel or, written once where it is often written twice, the consonant: נוה, נווה.
_LONE_VAV: Final = re.compile(r"(?<=[א-הז-ת])ו(?=[א-הז-ת])")
_LOOSE: Final = str.maketrans("PFVQGJXCHZ$", "BBBKKKKKKSS", "aiuthYW")


@dataclass(frozen=True, slots=True)
class Sound:
    """One reading of a name."""

    words: tuple[str, ...]  # sound of each word that is not a kind of place
    kinds: str  # marks of the kinds of place named, sorted

    @property
    def whole(self) -> str:
        """All words as one."""
        return "".join(self.words)


@lru_cache(maxsize=65_536)
def sounds(name: str) -> tuple[Sound, ...]:
    """Give the readings of a name: without articles, with them where one may be part of the word, and with vav heard.

    Returns : one to three readings, the likelier first; none when the name has no letter
    """
    words = _without_articles(normal_form(name).split())
    stripped = [_JOINED_ARTICLE.sub("", word) for word in words]
    full = [_LONE_VAV.sub("וו", word) for word in stripped]
    readings = dict.fromkeys(_reading(tuple(spelt)) for spelt in (stripped, words, full))
    return tuple(reading for reading in readings if reading.words or reading.kinds)


def loose(sound: str) -> str:
    """Keep only the consonants of a sound, in classes that spellings confuse."""
    return re.sub(r"(.)\1+", r"\1", sound.translate(_LOOSE))


def _without_articles(words: list[str]) -> list[str]:
    kept = [
        word
        for word, following in zip_longest(words, words[1:], fillvalue="")
        if not (following and word in _ARTICLES and following.startswith(_ARTICLES[word]))
    ]
    return kept or words


def _reading(words: tuple[str, ...]) -> Sound:
    kinds = sorted(MEANING_OF[word] for word in words if word in MEANING_OF)
    named = [word for word in words if word not in MEANING_OF]
    if not named and not any(kinds):
        named = list(words)
    heard = [_word_sound(word, last=place == len(named) - 1) for place, word in enumerate(named)]
    return Sound(tuple(word for word in heard if word), "".join(kinds))


def _word_sound(word: str, *, last: bool) -> str:
    bound = not last and _BOUND_T.search(word) is not None and len(word) > 3
    if bound:
        word = word[:-1]
    pieces = _PIECES.findall(word)
    heard = [_SOUNDS.get(piece, piece.upper()) for piece in pieces]
    if len(pieces) > 2 and pieces[-1] in _SOFT_AT_END:
        heard[-1] = _SOFT_AT_END[pieces[-1]]
    if pieces and pieces[0] in _INITIAL:
        heard[0] = _INITIAL[pieces[0]]
    return re.sub(r"(.)\1+", r"\1", "".join(heard)) + ("t" if bound else "")
