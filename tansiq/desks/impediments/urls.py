"""Addresses of impediments."""

from django.urls import path

from tansiq.desks.impediments.views import moving, opening, register, stories

app_name = "impediments"
urlpatterns = [
    path("", register.impediments, name="impediments"),
    path("_list", register.impediments_list, name="impediments-list"),
    path("overdue/_list", register.impediments_overdue_list, name="impediments-overdue-list"),
    path("overdue/", register.impediments_overdue, name="impediments-overdue"),
    path("new/", opening.impediment_open, name="impediment-open"),
    path("<uuid:impediment_id>/", stories.impediment, name="impediment"),
    path("<uuid:impediment_id>/_story", stories.impediment_piece, name="impediment-piece"),
    path("<uuid:impediment_id>/raise/", moving.impediment_raise, name="impediment-raise"),
    path("<uuid:impediment_id>/answer/", moving.impediment_answer, name="impediment-answer"),
    path("<uuid:impediment_id>/hand-over/", moving.impediment_hand_over, name="impediment-hand-over"),
    path("<uuid:impediment_id>/amend/", moving.impediment_amend, name="impediment-amend"),
    path("<uuid:impediment_id>/resolve/", moving.impediment_resolve, name="impediment-resolve"),
    path("<uuid:impediment_id>/withdraw/", moving.impediment_withdraw, name="impediment-withdraw"),
]
