"""Addresses of the room one works in."""

from django.urls import path

from tansiq.building.rooms import views

app_name = "rooms"
urlpatterns = [
    path("", views.room, name="room"),
    path("choose/", views.choose, name="choose"),
    path("members/grant/", views.member_grant, name="membership-grant"),
    path("members/<uuid:membership_id>/end/", views.member_end, name="membership-end"),
]
