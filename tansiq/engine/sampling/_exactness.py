"""How many to ask so that a share is known within a margin, and the interval in which a found share lies."""

from dataclasses import dataclass
from math import ceil, sqrt
from types import MappingProxyType
from typing import Final

CONFIDENCES: Final = MappingProxyType(
    {"0.90": 1.6448536269514722, "0.95": 1.959963984540054, "0.99": 2.5758293035489004}
)
"""Confidence → z of the normal distribution, two-sided."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share found in a sample, and the interval in which that of the whole lies."""

    share: float  # 0..1, of those who answered
    low: float  # 0..1
    high: float  # 0..1

    @property
    def margin(self) -> float:
        """The larger distance of the share from an end of the interval."""
        return max(self.high - self.share, self.share - self.low)


def sample_size(population: int, margin: float, confidence: str = "0.95") -> int:
    """Give how many of a population must be asked so that any share is known within a margin.

    population : int          1 or more
    margin : float            0..1, to either side
    confidence : str          a key of CONFIDENCES
    Returns : int             1 to population
    Raises : ValueError       population or margin out of bounds
    Source : Cochran (1977), Sampling Techniques, 3rd ed., section 4.4: n0 = z² p q / d² with p = 1/2, and
             n = n0 / (1 + (n0 - 1) / N)
    """
    if population < 1 or not 0 < margin < 1:
        raise ValueError("a population of one at least, and a margin between 0 and 1")
    endless = CONFIDENCES[confidence] ** 2 * 0.25 / margin**2
    return min(population, ceil(endless / (1 + (endless - 1) / population)))


def share_of(found: int, asked: int, population: int, confidence: str = "0.95") -> Share:
    """Give a share with its interval, by Wilson's score method, for a sample drawn without putting back.

    found : int               of those asked, 0 to asked
    asked : int               who answered, 1 to population
    population : int          from whom the sample was drawn
    Returns : Share           of a whole population that was asked, the interval is the share itself
    Raises : ValueError       the numbers do not fit together
    Source : Wilson (1927), JASA 22, 209-212; Newcombe (1998), Statistics in Medicine 17, 857-872, method 3; the
             finite population by the effective size n (N - 1) / (N - n), Cochran (1977), section 3.2
    """
    if not 0 <= found <= asked or not 1 <= asked <= population:
        raise ValueError(f"{found} of {asked} of {population}")
    share = found / asked
    if asked == population:
        return Share(share, share, share)
    z2 = CONFIDENCES[confidence] ** 2
    size = asked * (population - 1) / (population - asked)
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = sqrt(z2 * (share * (1 - share) / size + z2 / (4 * size * size))) / (1 + z2 / size)
    return Share(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
