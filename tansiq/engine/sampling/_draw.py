"""Draws numbers from a seed, in a way that anybody can repeat with a pocket program: SHA-256 and sorting."""

import hashlib
import heapq

MOST = 1_000_000


def draw(seed: str, population: int, size: int) -> list[int]:
    """Draw ``size`` of the numbers 1 to ``population`` without putting back; each set is as likely as any other.

    A number's place in the queue is the SHA-256 of "seed:number", in hexadecimal; the first ``size`` are drawn.

    seed : str                any text; the same one draws the same numbers
    population : int          1 to 1,000,000
    size : int                0 to population
    Returns : list of int     in the order of drawing
    Raises : ValueError       the population or the size is out of these bounds
    Source : Bellare, Rogaway (1993): a hash as random oracle; simple random sampling by sorting random keys,
             Sunter (1977), Applied Statistics 26, 261-268
    """
    if not 1 <= population <= MOST or not 0 <= size <= population:
        raise ValueError(f"cannot draw {size} of {population}")
    return heapq.nsmallest(size, range(1, population + 1), key=lambda number: _place(seed, number))


def _place(seed: str, number: int) -> bytes:
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()
