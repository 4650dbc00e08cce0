"""Addresses of doors."""

from django.urls import path

from tansiq.building.doors.views import deciding, lists, releasing

app_name = "doors"
urlpatterns = [
    path("", lists.releases, name="releases"),
    path("_released/", lists.released_list, name="released-list"),
    path("_received/", lists.received_list, name="received-list"),
    path("received/", lists.received, name="received"),
    path("received/<uuid:delivery_id>/", lists.delivery, name="delivery"),
    path("received/<uuid:delivery_id>/acknowledge/", lists.recall_acknowledge, name="recall-acknowledge"),
    path("new/<str:record_type>/<uuid:record_id>/", releasing.release_propose, name="release-propose"),
    path("new/<str:record_type>/<uuid:record_id>/preview/", releasing.release_preview, name="release-preview"),
    path("<uuid:release_id>/", deciding.release, name="release"),
    path("<uuid:release_id>/approve/", deciding.release_approve, name="release-approve"),
    path("<uuid:release_id>/decline/", deciding.release_decline, name="release-decline"),
    path("<uuid:release_id>/recall/", deciding.release_recall, name="release-recall"),
]
