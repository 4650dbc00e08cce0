"""Places found by any of their spellings, best first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.names._keys import search_keys
from tansiq.engine.names._score import score
from tansiq.engine.names._sound import Sound, loose, sounds

_SHORTLIST: Final = 80  # spellings that are scored fully
_KEY_WORTH: Final = {"n": 3.0, "s": 2.0, "w": 0.5}  # beside the rarity of the shared grams


@dataclass(frozen=True, slots=True)
class Match:
    """One place found."""

    place: int  # position among the places given
    spelling: str  # the spelling that answers best
    score: float  # 0..1, see `score`


class NameIndex:
    """Many places, each with all its spellings in all languages, ready to be searched."""

    def __init__(self, places: Sequence[Sequence[str]]) -> None:
        """File every spelling.

        places : sequence of spellings per place   empty spellings are passed over
        """
        filed = [(place, spelling) for place, names in enumerate(places) for spelling in names if spelling]
        self._spellings = [spelling for _, spelling in filed]
        self._places = [place for place, _ in filed]
        postings: dict[str, list[int]] = defaultdict(list)
        for number, spelling in enumerate(self._spellings):
            for feature in _features(spelling):
                postings[feature].append(number)
        self._postings = {feature: np.array(numbers) for feature, numbers in postings.items()}
        self._sizes = np.array([1.0 + len(_features(spelling)) for spelling in self._spellings])

    def rank(self, query: str, limit: int = 10, floor: float = 0.5) -> tuple[Match, ...]:
        """Find the places that answer a query, best first; ties by position.

        query : str               any spelling, in any of the scripts
        limit : int               how many places at most
        floor : float, 0..1       least score worth showing
        Returns : matches         one per place, with its best spelling
        """
        best: dict[int, Match] = {}
        for number in self._shortlist(query).tolist():
            place, spelling = self._places[number], self._spellings[number]
            worth = score(query, spelling)
            if worth >= floor and (place not in best or worth > best[place].score):
                best[place] = Match(place, spelling, worth)
        ordered = sorted(best.values(), key=lambda match: (-match.score, match.place))
        return tuple(ordered[:limit])

    def _shortlist(self, query: str) -> NDArray[np.int64]:
        """Pick the spellings that share the rarest features with the query."""
        total = len(self._spellings)
        worth = np.zeros(total)
        for feature in _features(query):
            numbers = self._postings.get(feature)
            if numbers is not None:
                rarity = float(np.log1p(total / numbers.size))
                worth[numbers] += rarity * _KEY_WORTH.get(feature[0], 1.0)
        worth /= np.sqrt(self._sizes) if total else 1.0
        found = np.flatnonzero(worth)
        if found.size > _SHORTLIST:
            least = np.partition(worth[found], -_SHORTLIST)[-_SHORTLIST]
            found = found[worth[found] >= least]
        return found


def rank(query: str, names: Sequence[str], limit: int = 10) -> tuple[Match, ...]:
    """Rank single names by how well they answer a query; for many queries keep a `NameIndex`."""
    return NameIndex([(name,) for name in names]).rank(query, limit)


def _features(name: str) -> tuple[str, ...]:
    """List what two spellings of one name are likely to share: keys, and pairs of neighbouring sounds."""
    grams = [gram for reading in sounds(name) for gram in _grams(reading)]
    return tuple(dict.fromkeys((*search_keys(name), *grams)))


def _grams(reading: Sound) -> list[str]:
    framed = f"^{loose(reading.whole)}$"
    heard = f"^{reading.whole}"
    pairs = [f"g:{framed[at : at + 2]}" for at in range(len(framed) - 1)]
    return pairs + [f"h:{heard[at : at + 2]}" for at in range(len(heard) - 1)]
