"""The verbs of the transport desk."""

from tansiq.desks.transport.actions.manifests import (
    amend_manifest,
    cancel_manifest,
    close_manifest,
    depart_manifest,
    draft_manifest,
    revise_manifest,
    seal_manifest,
)
from tansiq.desks.transport.actions.purging import purge_manifest

__all__ = [
    "amend_manifest",
    "cancel_manifest",
    "close_manifest",
    "depart_manifest",
    "draft_manifest",
    "purge_manifest",
    "revise_manifest",
    "seal_manifest",
]
