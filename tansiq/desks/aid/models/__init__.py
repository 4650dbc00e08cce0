"""What the aid desk keeps: reference data of the operation, consignments, events, measures and imports."""

from tansiq.desks.aid.models.consignments import (
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.models.events import AidEvent, AidMeasure, Precision
from tansiq.desks.aid.models.imports import ImportRun, LedgerRow, Outcome
from tansiq.desks.aid.models.reference import CargoName, CountDefinition, DecidedBy, Reference, ReferenceKind

__all__ = [
    "AidEvent",
    "AidMeasure",
    "CargoName",
    "Consignment",
    "ConsignmentDetail",
    "ConsignmentIdentities",
    "ConsignmentLine",
    "CountDefinition",
    "DecidedBy",
    "HandlingUnit",
    "ImportRun",
    "LedgerRow",
    "Outcome",
    "Precision",
    "Reference",
    "ReferenceKind",
]
