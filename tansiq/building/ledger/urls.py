"""Addresses of the ledger."""

from django.urls import path

from tansiq.building.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("verify/", views.verify, name="verify"),
    path("key/", views.key, name="key"),
    path("<uuid:entry_id>/", views.entry, name="entry"),
    path("<uuid:entry_id>/receipt/", views.receipt, name="receipt"),
]
