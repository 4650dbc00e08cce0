"""Addresses of the crossings' day."""

from django.urls import path

from tansiq.desks.crossings.views import days, slots, statements

app_name = "crossings"
urlpatterns = [
    path("", days.today, name="today"),
    path("_today", days.today_piece, name="today-piece"),
    path("slots/", slots.slots, name="slots"),
    path("slots/_list", slots.slots_list, name="slots-list"),
    path("slots/new/<uuid:consignment_id>/", slots.slot_book, name="slot-book"),
    path("slots/<uuid:booking_id>/", slots.slot, name="slot"),
    path("slots/<uuid:booking_id>/_slot", slots.slot_piece, name="slot-piece"),
    path("slots/<uuid:booking_id>/confirm/", slots.slot_confirm, name="slot-confirm"),
    path("slots/<uuid:booking_id>/refuse/", slots.slot_refuse, name="slot-refuse"),
    path("slots/<uuid:booking_id>/release/", slots.slot_release, name="slot-release"),
    path("statements/<uuid:statement_id>/", days.statement, name="statement"),
    path("<slug:code>/", days.day, name="day"),
    path("<slug:code>/_day", days.day_piece, name="day-piece"),
    path("<slug:code>/print/", days.day_print, name="day-print"),
    path("<slug:code>/hours/", statements.day_state_hours, name="day-state-hours"),
    path("<slug:code>/lanes/", statements.day_state_lanes, name="day-state-lanes"),
    path("<slug:code>/capacity/", statements.day_state_capacity, name="day-state-capacity"),
    path("<slug:code>/queue/", statements.queue_record, name="queue-record"),
    path("<slug:code>/places/", statements.day_publish_places, name="day-publish-places"),
]
