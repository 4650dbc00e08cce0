"""The verbs of the transport desk."""

from tansiq.desks.transport.actions.codes import relabel_manifest
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
from tansiq.desks.transport.actions.scans import record_scans
from tansiq.desks.transport.actions.seals import (
    SealStatement,
    apply_seal,
    check_seal,
    replace_seal,
    report_broken_seal,
)

__all__ = [
    "SealStatement",
    "amend_manifest",
    "apply_seal",
    "cancel_manifest",
    "check_seal",
    "close_manifest",
    "depart_manifest",
    "draft_manifest",
    "purge_manifest",
    "record_scans",
    "relabel_manifest",
    "replace_seal",
    "report_broken_seal",
    "revise_manifest",
    "seal_manifest",
]
