"""The verbs of the needs desk."""

from tansiq.desks.needs.actions.caseloads import bring_caseloads, state_caseload
from tansiq.desks.needs.actions.exposure import state_exposure
from tansiq.desks.needs.actions.storms import close_storm, open_storm

__all__ = ["bring_caseloads", "close_storm", "open_storm", "state_caseload", "state_exposure"]
