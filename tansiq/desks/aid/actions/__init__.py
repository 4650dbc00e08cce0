"""The verbs of the aid desk."""

from tansiq.desks.aid.actions.amendments import amend_consignment
from tansiq.desks.aid.actions.cargo import classify_cargo_names, map_cargo_name
from tansiq.desks.aid.actions.consignments import register_consignment, register_consignments
from tansiq.desks.aid.actions.definitions import define_count
from tansiq.desks.aid.actions.events import correct_event, record_event, record_scans
from tansiq.desks.aid.actions.imports import ImportOptions, SealedFile, import_ledger, seal_file
from tansiq.desks.aid.actions.reference import load_reference

__all__ = [
    "ImportOptions",
    "SealedFile",
    "amend_consignment",
    "classify_cargo_names",
    "correct_event",
    "define_count",
    "import_ledger",
    "load_reference",
    "map_cargo_name",
    "record_event",
    "record_scans",
    "register_consignment",
    "register_consignments",
    "seal_file",
]
