"""The acts of the distribution desk, and the sentences in which one is refused."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import register

TOPIC = "distribution"


class Act(StrEnum):
    """What can be done at the distribution desk."""

    READ_WAREHOUSE = "distribution.warehouse.read"
    OPEN_WAREHOUSE = "distribution.warehouse.open"
    AMEND_WAREHOUSE = "distribution.warehouse.amend"
    READ_STOCK = "distribution.stock.read"
    RECEIVE_STOCK = "distribution.stock.receive"
    MOVE_STOCK = "distribution.stock.move"
    COUNT_STOCK = "distribution.stock.count"
    READ_RELEASE = "distribution.partner_release.read"
    SEND_RELEASE = "distribution.partner_release.send"
    WITHDRAW_RELEASE = "distribution.partner_release.withdraw"
    ACCEPT_RELEASE = "distribution.partner_release.accept"
    READ_PLAN = "distribution.plan.read"
    MAKE_PLAN = "distribution.plan.make"
    AMEND_PLAN = "distribution.plan.amend"
    CHECK_PLAN = "distribution.plan.check"
    SET_PLAN = "distribution.plan.set"
    POSTPONE_PLAN = "distribution.plan.postpone"
    CANCEL_PLAN = "distribution.plan.cancel"
    FOLLOW_PLAN = "distribution.plan.follow"
    PURGE_NAMES = "distribution.plan.purge_names"
    READ_REPORT = "distribution.report.read"
    DRAFT_REPORT = "distribution.report.draft"
    SEND_REPORT = "distribution.report.send"
    RECONCILE_REPORT = "distribution.report.reconcile"
    READ_ROUND = "distribution.monitoring.read"
    DRAW_ROUND = "distribution.monitoring.draw"
    ENTER_INTERVIEW = "distribution.monitoring.interview"
    FINISH_ROUND = "distribution.monitoring.finish"
    READ_COMPLAINT = "distribution.complaint.read"
    RECEIVE_COMPLAINT = "distribution.complaint.receive"
    ANSWER_COMPLAINT = "distribution.complaint.answer"
    FEED_COMPLAINT_BACK = "distribution.complaint.feed_back"
    REOPEN_COMPLAINT = "distribution.complaint.reopen"
    EXPECT_FEED_BACK = "distribution.complaint.expect_feed_back"
    RECORD_COMPLAINT_SILENCE = "distribution.complaint.record_silence"


register(
    {
        "distribution_not_set_up": _("The operation has no distribution desk: its files have no distribution.yaml."),
        "warehouse_name_missing": _("A warehouse needs a name."),
        "warehouse_name_taken": _("This room has a warehouse called “%(found)s” already."),
        "warehouse_place_unknown": _("“%(found)s” is neither a site nor an area of the operation."),
        "warehouse_closed": _("The warehouse “%(found)s” is closed."),
        "warehouse_not_empty": _("Goods still lie in the warehouse: %(found)s. Move them first."),
        "capacity_out_of_range": _(
            "The capacity %(found)s cannot be taken; expected more than 0, at most %(expected)s."
        ),
        "goods_missing": _("State at least one line: what, how much, in which unit."),
        "goods_nothing": _("The quantity of a movement must be more than 0; found %(found)s."),
        "stock_short": _(
            "Not so much lies there: %(goods)s, at %(at)s: %(held)s − %(asked)s = %(left)s %(unit)s. "
            "A stock is never below zero."
        ),
        "stock_reserved": _(
            "%(goods)s: %(held)s lie there and %(reserved)s are reserved for distributions; "
            "%(held)s − %(reserved)s − %(asked)s = %(left)s %(unit)s."
        ),
        "event_not_receivable": _("This event is no reception of goods in this room."),
        "event_short": _(
            "%(goods)s: the event states %(stated)s and %(taken)s are in stock from it already; "
            "%(stated)s − %(taken)s − %(asked)s = %(left)s %(unit)s."
        ),
        "consignment_not_read": _("There is no such consignment, or it was not released to this room."),
        "explanation_missing": _("Explain the movement in your own words."),
        "difference_unexplained": _(
            "Counted %(counted)s, in the books %(held)s: the difference is %(difference)s %(unit)s. Explain it."
        ),
        "movement_reason_unknown": _("“%(found)s” is not a reason for this. Known: %(expected)s."),
        "movement_not_by_hand": _("“%(found)s” is not a movement that is entered by hand."),
        "time_is_now": _("Only the sample operation may state another time than now."),
        "partner_unknown": _("Goods are released to the room of another organisation of this operation."),
        "release_answered": _("The release %(reference)s was answered or withdrawn already."),
        "lines_differ": _("Say of every line what came: found lines %(found)s, expected %(expected)s."),
        "more_than_sent": _(
            "Line %(line)s: %(received)s + %(damaged)s = %(total)s, but only %(sent)s were sent. "
            "What else came in belongs to another reception."
        ),
        "short_unexplained": _("Less came whole than was sent: say why, in your own words."),
        "store_missing": _("Say where the goods lie: choose a store of your room, or name a new one."),
        "plan_state": _("A distribution that is “%(state)s” does not allow this (%(act)s)."),
        "plan_area_unknown": _("“%(found)s” is not an area of the operation."),
        "plan_site_missing": _("Say where the distribution is held."),
        "plan_hours": _("A distribution ends after it begins."),
        "plan_households": _("Found %(found)s households; expected a number from 1 to %(expected)s."),
        "plan_staff": _("Found %(found)s; expected how many people work there, from 0 to %(expected)s."),
        "crowd_measure_unknown": _("The operation has no crowd measure “%(found)s”."),
        "check_unknown": _("The operation has no check “%(found)s”. Known: %(expected)s."),
        "check_unsourced": _("A check needs who made it (organisation or team) and its source."),
        "check_ahead": _("A check is entered when it was made; its time lies ahead."),
        "check_without_time": _("A check must hold until after it was made."),
        "plan_not_ready": _("People cannot be called yet. %(found)s."),
        "put_off_reason_unknown": _("“%(found)s” is not a reason to put a distribution off. Known: %(expected)s."),
        "plan_not_over": _("The hours of this distribution have not passed, or its report is expected already."),
        "names_not_due": _("There is no name here whose days are over."),
        "report_state": _("A report that is “%(state)s” does not allow this (%(act)s)."),
        "draft_too_long": _("A draft has at most %(expected)s characters."),
        "report_lines": _("Report every kind of goods of the plan, once each: found %(found)s; expected %(expected)s."),
        "report_differs": _(
            "%(goods)s does not add up. Received %(received)s %(unit)s; distributed, left and lost: %(sum)s. "
            "Difference: %(difference)s. Correct the figures, or insist: then the difference is kept, with a clock."
        ),
        "group_unknown": _("The operation counts no group “%(found)s”. Known: %(expected)s."),
        "people_out_of_range": _("Found %(found)s; expected a number from 0 to %(expected)s."),
        "fewer_people": _("%(people)s individuals cannot be %(households)s households; each has one person at least."),
        "difference_needs_words": _("The report has a difference: explain it in your own words."),
        "interviewer_unknown": _("Who asks must be a room of this operation."),
        "interviewer_not_independent": _(
            "%(room)s held this distribution and cannot ask people about it. Choose a room that did not distribute."
        ),
        "population_out_of_range": _("Found %(found)s; a sample is drawn from 1 to %(expected)s."),
        "sample_out_of_range": _("%(found)s cannot be drawn from %(expected)s."),
        "frame_unknown": _("A sample is not drawn from “%(found)s”. Known: %(expected)s."),
        "sites_unknown": _("Each site is named once and is one of the operation: found %(found)s."),
        "round_state": _("A round that is “%(state)s” does not allow this (%(act)s)."),
        "number_not_drawn": _("Number %(found)s is not in the sample: the system draws who is asked."),
        "number_asked": _("Number %(found)s was asked already."),
        "nothing_answered": _("Enter one answer at least."),
        "question_unknown": _("There is no question “%(found)s”. Known: %(expected)s."),
        "answer_unknown": _("%(question)s Found “%(found)s”; expected one of %(expected)s."),
        "nobody_asked": _("Nobody was asked yet."),
        "category_unknown": _("The operation has no kind of complaint “%(found)s”. Known: %(expected)s."),
        "channel_unknown": _("The operation has no way of complaint “%(found)s”. Known: %(expected)s."),
        "complaint_empty": _("Write what is complained about. Leave out the name of who complains."),
        "complaint_state": _("A complaint that is “%(state)s” does not allow this (%(act)s)."),
        "answer_empty": _("Write the answer."),
        "feed_back_empty": _("Say how the answer was told to who complained."),
        "feed_back_not_due": _("No answer waits to be told."),
        "silence_not_due": _("No deadline of this complaint has passed in silence."),
        "handler_unknown": _("The operation has no room that handles this kind of complaint."),
        "handler_concerned": _("%(room)s is the room complained about and cannot handle it."),
        "not_yet": _("The time %(found)s lies ahead. Movements are entered when they have happened."),
    }
)  # fmt: skip
register_words(
    {
        Act.OPEN_WAREHOUSE: _("Warehouse opened"),
        Act.AMEND_WAREHOUSE: _("Statement on a warehouse amended"),
        Act.RECEIVE_STOCK: _("Goods received into stock"),
        Act.MOVE_STOCK: _("Movement of stock entered"),
        Act.COUNT_STOCK: _("Stock counted"),
        Act.SEND_RELEASE: _("Goods released to a partner"),
        Act.WITHDRAW_RELEASE: _("Release to a partner withdrawn"),
        Act.ACCEPT_RELEASE: _("Goods accepted by a partner"),
        Act.MAKE_PLAN: _("Distribution planned"),
        Act.AMEND_PLAN: _("Plan of a distribution stated anew"),
        Act.CHECK_PLAN: _("Check for a distribution entered"),
        Act.SET_PLAN: _("Distribution set"),
        Act.POSTPONE_PLAN: _("Distribution postponed"),
        Act.CANCEL_PLAN: _("Distribution cancelled"),
        Act.FOLLOW_PLAN: _("Report of a distribution expected"),
        Act.PURGE_NAMES: _("Name at a distribution purged"),
        Act.DRAFT_REPORT: _("Draft of a report kept"),
        Act.SEND_REPORT: _("Distribution reported"),
        Act.RECONCILE_REPORT: _("Distribution reconciled"),
        Act.DRAW_ROUND: _("Sample of a monitoring round drawn"),
        Act.ENTER_INTERVIEW: _("Interview entered"),
        Act.FINISH_ROUND: _("Monitoring round finished"),
        Act.RECEIVE_COMPLAINT: _("Complaint received"),
        Act.ANSWER_COMPLAINT: _("Complaint answered"),
        Act.FEED_COMPLAINT_BACK: _("Answer told to who complained"),
        Act.REOPEN_COMPLAINT: _("Complaint opened again"),
        Act.EXPECT_FEED_BACK: _("Answer to be told to who complained"),
        Act.RECORD_COMPLAINT_SILENCE: _("Silence over a complaint recorded"),
    }
)
