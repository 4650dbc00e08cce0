"""The verbs of the requests desk."""

from tansiq.desks.requests.actions.answering import appeal_clearance, give_information, record_answer, record_silence
from tansiq.desks.requests.actions.consigning import consign_request
from tansiq.desks.requests.actions.deciding import decide_clearance
from tansiq.desks.requests.actions.drafting import amend_request, draft_request
from tansiq.desks.requests.actions.inconsistencies import answer_inconsistency, record_inconsistency
from tansiq.desks.requests.actions.sending import send_request, withdraw_request
from tansiq.desks.requests.actions.tokens import issue_token, signing_key

__all__ = [
    "amend_request",
    "answer_inconsistency",
    "appeal_clearance",
    "consign_request",
    "decide_clearance",
    "draft_request",
    "give_information",
    "issue_token",
    "record_answer",
    "record_inconsistency",
    "record_silence",
    "send_request",
    "signing_key",
    "withdraw_request",
]
