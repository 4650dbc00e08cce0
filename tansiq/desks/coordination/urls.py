"""Addresses of coordination and of routes."""

from django.urls import path

from tansiq.desks.coordination.views import asking, listing, moving, routes, stories, timelines

app_name = "coordination"
urlpatterns = [
    path("", listing.askings, name="askings"),
    path("_list", listing.askings_list, name="askings-list"),
    path("mine/", listing.askings_mine, name="askings-mine"),
    path("mine/_list", listing.askings_mine_list, name="askings-mine-list"),
    path("queue/", listing.askings_queue, name="askings-queue"),
    path("queue/_list", listing.askings_queue_list, name="askings-queue-list"),
    path("routes/", routes.routes_page, name="routes"),
    path("routes/_list", routes.routes_list, name="routes-list"),
    path("routes/new/", routes.route_state, name="route-state"),
    path("routes/<uuid:statement_id>/", routes.route_statement, name="route-statement"),
    path("consignments/<uuid:consignment_id>/", timelines.consignment, name="consignment"),
    path("consignments/<uuid:consignment_id>/_story", timelines.consignment_piece, name="consignment-piece"),
    path("consignments/<uuid:consignment_id>/ask/", asking.coordination_ask, name="coordination-ask"),
    path("decisions/<uuid:decision_id>/", stories.decision, name="decision"),
    path("<uuid:asking_id>/", stories.asking, name="asking"),
    path("<uuid:asking_id>/_story", stories.asking_piece, name="asking-piece"),
    path("<uuid:asking_id>/change/", asking.coordination_change, name="coordination-change"),
    path("<uuid:asking_id>/inform/", moving.coordination_inform, name="coordination-inform"),
    path("<uuid:asking_id>/withdraw/", moving.coordination_withdraw, name="coordination-withdraw"),
    path("<uuid:asking_id>/execute/", moving.coordination_execute, name="coordination-execute"),
    path("<uuid:asking_id>/conclude/", moving.coordination_conclude, name="coordination-conclude"),
    path("<uuid:asking_id>/take-up/", moving.coordination_take_up, name="coordination-take-up"),
    path("<uuid:asking_id>/answer/", moving.coordination_answer, name="coordination-answer"),
    path("<uuid:asking_id>/green-light/give/", moving.green_light_give, name="green-light-give"),
    path("<uuid:asking_id>/green-light/withhold/", moving.green_light_withhold, name="green-light-withhold"),
]
