"""What may be done at the transport desk, in which state, and what must be said for it."""

from tansiq.desks.transport.rules.acts import RECORD_TYPE, TOPIC, Act
from tansiq.desks.transport.rules.manifests import (
    LINES_AT_MOST,
    TRANSITIONS,
    LineAsked,
    ManifestStatement,
    can,
    manifest_fault,
    next_state,
)

__all__ = [
    "LINES_AT_MOST",
    "RECORD_TYPE",
    "TOPIC",
    "TRANSITIONS",
    "Act",
    "LineAsked",
    "ManifestStatement",
    "can",
    "manifest_fault",
    "next_state",
]
