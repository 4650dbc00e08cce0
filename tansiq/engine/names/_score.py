"""How alike two names sound or look."""

from typing import Final

from tansiq.engine.names._normal import normal_form
from tansiq.engine.names._sound import Sound, sounds

_VOWELS: Final = "aiu"
_VOWEL_WEIGHT: Final = 0.2
_UNWRITTEN_VOWEL_WEIGHT: Final = 0.07  # Arabic and Hebrew leave short vowels out
_KIND_WEIGHT: Final = 0.4
_WEAK_WEIGHT: Final = {"t": 0.2, "h": 0.15, "Y": 0.4, "W": 0.4, "H": 0.7}
_PART: Final = 0.9  # worth of a name that is only a part of the other
_ALMOST: Final = 0.99  # worth of equal sound without equal letters

# What it costs to take one sound for another, from how often the three scripts write one for the other.
_CONFUSED: Final = {
    "BP": 0.2, "PF": 0.15, "BV": 0.15, "FV": 0.25, "PV": 0.35, "BF": 0.5, "KQ": 0.1, "GJ": 0.15, "GQ": 0.3,
    "GK": 0.45, "HX": 0.15, "KX": 0.3, "CX": 0.15, "CH": 0.2, "CK": 0.3, "C$": 0.25, "CS": 0.5, "S$": 0.35,
    "SZ": 0.3, "DZ": 0.35, "TD": 0.5, "TS": 0.55, "TZ": 0.6, "Tt": 0.1, "CJ": 0.5, "Yi": 0.1, "Ya": 0.3,
    "Wu": 0.1, "Vu": 0.3, "WV": 0.15, "JY": 0.5, "HK": 0.5, "JZ": 0.5, "J$": 0.6, "GX": 0.5, "ai": 0.08,
    "au": 0.08, "iu": 0.12, "QX": 0.5, "Hh": 0.1, "Xh": 0.1, "ah": 0.1,
    "MN": 0.6, "LR": 0.8, "GH": 0.6, "Wa": 0.3,
}  # fmt: skip
_COST: Final = {pair: cost for key, cost in _CONFUSED.items() for pair in (key, key[::-1])}


def score(query: str, name: str) -> float:
    """Say how well a name answers a query.

    query, name : str         in any of the scripts
    Returns : float, 0..1     1 when the normal forms are equal; 0.99 at most when only the sound is;
                              0.9 at most when the query is a part of the name
    """
    plain_query, plain_name = normal_form(query), normal_form(name)
    if not plain_query or not plain_name:
        return 0.0
    if plain_query == plain_name:
        return 1.0
    vowel = _VOWEL_WEIGHT if _in_latin(plain_query) and _in_latin(plain_name) else _UNWRITTEN_VOWEL_WEIGHT
    pairs = [(one, two) for one in sounds(query) for two in sounds(name)]
    return max((_likeness(one, two, vowel) for one, two in pairs), default=0.0)


def _in_latin(plain: str) -> bool:
    return any("a" <= letter <= "z" for letter in plain)


def _likeness(query: Sound, name: Sound, vowel: float) -> float:
    kinds = _KIND_WEIGHT * len(set(query.kinds) ^ set(name.kinds))
    best = _ALMOST * _similar(query.whole, name.whole, kinds, vowel)
    size = len(query.words)
    if size < len(name.words) and best < _PART:
        windows = ("".join(name.words[at : at + size]) for at in range(len(name.words) - size + 1))
        best = max(best, *(_PART * _similar(query.whole, window, kinds, vowel) for window in windows))
    return best


def _similar(one: str, two: str, extra: float, vowel: float) -> float:
    """Give 1 for equal sounds, less for each sound that is changed, added or left out."""
    gaps_one, gaps_two = _gaps(one, vowel), _gaps(two, vowel)
    total = max(sum(gaps_one), sum(gaps_two)) + extra
    return max(0.0, 1 - (_distance(one, two, gaps_one, gaps_two) + extra) / total) if total else 0.0


def _gaps(sound: str, vowel: float) -> list[float]:
    """Say what it costs to leave each sound out."""
    return [vowel if letter in _VOWELS else _WEAK_WEIGHT.get(letter, 1.0) for letter in sound]


def _distance(one: str, two: str, gaps_one: list[float], gaps_two: list[float]) -> float:
    """Add up the cheapest changes that turn one sound into the other.

    Source : Wagner and Fischer (1974), with weights
    """
    above = [0.0]
    for gap in gaps_two:
        above.append(above[-1] + gap)
    for letter, gap_here in zip(one, gaps_one, strict=True):
        row = [above[0] + gap_here]
        for place, other in enumerate(two):
            change = 0.0 if letter == other else _COST.get(letter + other, gap_here + gaps_two[place])
            row.append(min(above[place] + change, above[place + 1] + gap_here, row[place] + gaps_two[place]))
        above = row
    return above[-1]
