"""The verbs of the aid desk."""

from tansiq.desks.aid.actions.amendments import amend_consignment
from tansiq.desks.aid.actions.cargo import classify_cargo_names, map_cargo_name
from tansiq.desks.aid.actions.changes import change_units
from tansiq.desks.aid.actions.consignments import register_consignment, register_consignments
from tansiq.desks.aid.actions.definitions import define_count
from tansiq.desks.aid.actions.discrepancies import (
    dissolve_discrepancy,
    explain_discrepancy,
    leave_discrepancy,
    open_discrepancy,
    report_unowned_discrepancy,
    settle_discrepancy,
    take_on_discrepancy,
)
from tansiq.desks.aid.actions.events import correct_event, record_event, record_scans
from tansiq.desks.aid.actions.imports import ImportOptions, SealedFile, import_ledger, seal_file
from tansiq.desks.aid.actions.reference import load_reference

__all__ = [
    "ImportOptions",
    "SealedFile",
    "amend_consignment",
    "change_units",
    "classify_cargo_names",
    "correct_event",
    "define_count",
    "dissolve_discrepancy",
    "explain_discrepancy",
    "import_ledger",
    "leave_discrepancy",
    "load_reference",
    "map_cargo_name",
    "open_discrepancy",
    "record_event",
    "record_scans",
    "register_consignment",
    "register_consignments",
    "report_unowned_discrepancy",
    "seal_file",
    "settle_discrepancy",
    "take_on_discrepancy",
]
