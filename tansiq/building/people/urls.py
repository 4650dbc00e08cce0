"""Addresses of one's own account."""

from django.urls import path

from tansiq.building.people import views

app_name = "people"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/sessions/end/", views.sessions_end, name="sessions-end"),
    path("me/tokens/create/", views.token_create, name="token-create"),
    path("me/tokens/<uuid:token_id>/revoke/", views.token_revoke, name="token-revoke"),
    path("me/recoveries/<uuid:recovery_id>/object/", views.recovery_object, name="recovery-object"),
    path("recoveries/", views.recoveries, name="recoveries"),
    path("recoveries/propose/", views.recovery_propose, name="recovery-propose"),
    path("recoveries/<uuid:recovery_id>/agree/", views.recovery_agree, name="recovery-agree"),
    path("recoveries/<uuid:recovery_id>/withdraw/", views.recovery_withdraw, name="recovery-withdraw"),
    path("recoveries/<uuid:recovery_id>/issue/", views.recovery_issue, name="recovery-issue"),
    path("<uuid:account_id>/disable/", views.account_disable, name="account-disable"),
]
