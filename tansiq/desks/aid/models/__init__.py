"""What the aid desk keeps: reference data, consignments, events, measures, discrepancies and imports."""

from tansiq.desks.aid.models.consignments import (
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.models.discrepancies import (
    KIND_WORDS,
    LIVE_DISCREPANCIES,
    Discrepancy,
    DiscrepancyState,
    DiscrepancyStep,
)
from tansiq.desks.aid.models.events import AidEvent, AidMeasure, Move, Precision
from tansiq.desks.aid.models.imports import ImportRun, LedgerRow, Outcome
from tansiq.desks.aid.models.reference import CargoName, CountDefinition, DecidedBy, Reference, ReferenceKind

__all__ = [
    "KIND_WORDS",
    "LIVE_DISCREPANCIES",
    "AidEvent",
    "AidMeasure",
    "CargoName",
    "Consignment",
    "ConsignmentDetail",
    "ConsignmentIdentities",
    "ConsignmentLine",
    "CountDefinition",
    "DecidedBy",
    "Discrepancy",
    "DiscrepancyState",
    "DiscrepancyStep",
    "HandlingUnit",
    "ImportRun",
    "LedgerRow",
    "Move",
    "Outcome",
    "Precision",
    "Reference",
    "ReferenceKind",
]
