"""Addresses of the room one works in."""

from django.urls import path

from tansiq.building.rooms import views
from tansiq.building.rooms.views import invitations

app_name = "rooms"
urlpatterns = [
    path("", views.room, name="room"),
    path("choose/", views.choose, name="choose"),
    path("members/<uuid:membership_id>/roles/", views.member_roles, name="membership-grant"),
    path("members/<uuid:membership_id>/end/", views.member_end, name="membership-end"),
    path("invitations/send/", invitations.send, name="invitation-send"),
    path("invitations/<uuid:invitation_id>/withdraw/", invitations.withdraw, name="invitation-withdraw"),
    path("invitations/<uuid:invitation_id>/accept/", invitations.accept, name="invitation-accept"),
    path("invitations/<uuid:invitation_id>/decline/", invitations.decline, name="invitation-decline"),
]
