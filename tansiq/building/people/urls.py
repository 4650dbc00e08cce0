"""Addresses of one's own account."""

from django.urls import path

from tansiq.building.people import views

app_name = "people"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/sessions/end/", views.sessions_end, name="sessions-end"),
    path("me/tokens/create/", views.token_create, name="token-create"),
    path("me/tokens/<uuid:token_id>/revoke/", views.token_revoke, name="token-revoke"),
    path("<uuid:account_id>/disable/", views.account_disable, name="account-disable"),
]
