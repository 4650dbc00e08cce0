"""The verbs of the distribution desk."""

from tansiq.desks.distribution.actions.complaints import (
    answer_complaint,
    expect_feed_back,
    feed_complaint_back,
    receive_complaint,
    record_complaint_silence,
    reopen_complaint,
)
from tansiq.desks.distribution.actions.monitoring import draw_round, enter_interview, finish_round
from tansiq.desks.distribution.actions.partners import accept_release, send_release, withdraw_release
from tansiq.desks.distribution.actions.plans import (
    amend_plan,
    cancel_plan,
    check_plan,
    follow_plan,
    make_plan,
    postpone_plan,
    purge_names,
    set_plan,
)
from tansiq.desks.distribution.actions.reports import draft_report, reconcile_report, send_report
from tansiq.desks.distribution.actions.stock import count_stock, move_stock, receive_stock
from tansiq.desks.distribution.actions.warehouses import amend_warehouse, open_warehouse

__all__ = [
    "accept_release",
    "amend_plan",
    "amend_warehouse",
    "answer_complaint",
    "cancel_plan",
    "check_plan",
    "count_stock",
    "draft_report",
    "draw_round",
    "enter_interview",
    "expect_feed_back",
    "feed_complaint_back",
    "finish_round",
    "follow_plan",
    "make_plan",
    "move_stock",
    "open_warehouse",
    "postpone_plan",
    "purge_names",
    "receive_complaint",
    "receive_stock",
    "reconcile_report",
    "record_complaint_silence",
    "reopen_complaint",
    "send_release",
    "send_report",
    "set_plan",
    "withdraw_release",
]
