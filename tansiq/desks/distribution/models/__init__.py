"""What the distribution desk keeps: warehouses, stock, releases, plans, reports, monitoring, complaints."""

from tansiq.desks.distribution.models.feedback import Complaint, Frame, Interview, MonitoringRound, RoundState
from tansiq.desks.distribution.models.lines import Line, Step
from tansiq.desks.distribution.models.plans import (
    RESERVING,
    DistributionPlan,
    DistributionReport,
    FocalPerson,
    PartnerRelease,
    PlanDetail,
    PlanState,
    ReportState,
)
from tansiq.desks.distribution.models.stock import MovementKind, StockMovement, Warehouse, owned

__all__ = [
    "RESERVING",
    "Complaint",
    "DistributionPlan",
    "DistributionReport",
    "FocalPerson",
    "Frame",
    "Interview",
    "Line",
    "MonitoringRound",
    "MovementKind",
    "PartnerRelease",
    "PlanDetail",
    "PlanState",
    "ReportState",
    "RoundState",
    "Step",
    "StockMovement",
    "Warehouse",
    "owned",
]
