"""Addresses of clocks and notices."""

from django.urls import path

from tansiq.building.clocks import views

app_name = "clocks"
urlpatterns = [
    path("", views.clocks, name="clocks"),
    path("_list", views.clocks_list, name="clocks-list"),
    path("_open", views.clocks_open, name="clocks-open"),
    path("notices/", views.notices, name="notices"),
    path("notices/_list", views.notices_list, name="notices-list"),
    path("notices/<uuid:notice_id>/acknowledge/", views.notice_acknowledge, name="notice-acknowledge"),
    path("<uuid:clock_id>/", views.clock, name="clock"),
    path("<uuid:clock_id>/_face", views.clock_face, name="clock-face"),
    path("<uuid:clock_id>/pause/", views.clock_pause, name="clock-pause"),
    path("<uuid:clock_id>/resume/", views.clock_resume, name="clock-resume"),
    path("<uuid:clock_id>/stop/", views.clock_stop, name="clock-stop"),
    path("<uuid:clock_id>/answer/", views.clock_answer, name="clock-answer"),
]
