"""Addresses of requests."""

from django.urls import path

from tansiq.desks.requests.views import catalogue, clearances, drafts, lists, stories

app_name = "requests"
urlpatterns = [
    path("", lists.requests, name="requests"),
    path("_list", lists.requests_list, name="requests-list"),
    path("to-answer/", lists.to_answer, name="to-answer"),
    path("to-answer/_list", lists.to_answer_list, name="to-answer-list"),
    path("overdue/", lists.overdue, name="overdue"),
    path("overdue/_list", lists.overdue_list, name="overdue-list"),
    path("new/", drafts.request_draft, name="request-draft"),
    path("items/", catalogue.items, name="items"),
    path("inconsistencies/", catalogue.inconsistencies, name="inconsistencies"),
    path("inconsistencies/_list", catalogue.inconsistencies_list, name="inconsistencies-list"),
    path(
        "inconsistencies/<uuid:inconsistency_id>/answer/", catalogue.inconsistency_answer, name="inconsistency-answer"
    ),
    path("tokens/check/", catalogue.token_check, name="token-check"),
    path("clearances/<uuid:clearance_id>/", clearances.clearance, name="clearance"),
    path("clearances/<uuid:clearance_id>/decide/", clearances.clearance_decide, name="clearance-decide"),
    path(
        "clearances/<uuid:clearance_id>/give-information/",
        clearances.clearance_give_information,
        name="clearance-give-information",
    ),
    path("clearances/<uuid:clearance_id>/appeal/", clearances.clearance_appeal, name="clearance-appeal"),
    path("decisions/<uuid:decision_id>/", clearances.decision, name="decision"),
    path("<uuid:request_id>/", stories.request, name="request"),
    path("<uuid:request_id>/_story", stories.request_piece, name="request-piece"),
    path("<uuid:request_id>/amend/", drafts.request_amend, name="request-amend"),
    path("<uuid:request_id>/send/", drafts.request_send, name="request-send"),
    path("<uuid:request_id>/withdraw/", drafts.request_withdraw, name="request-withdraw"),
    path("<uuid:request_id>/consign/", stories.request_consign, name="request-consign"),
]
