"""Samples that can be drawn again from their seed, how many to ask, and how exact a share is that was found."""

from tansiq.engine.sampling._draw import MOST, draw
from tansiq.engine.sampling._exactness import CONFIDENCES, Share, sample_size, share_of

__all__ = ["CONFIDENCES", "MOST", "Share", "draw", "sample_size", "share_of"]
