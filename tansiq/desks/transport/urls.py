"""Addresses of transport."""

from django.urls import path

from tansiq.desks.transport.views import lists, making, steps, stories

app_name = "transport"
urlpatterns = [
    path("", lists.manifests, name="manifests"),
    path("_list", lists.manifests_list, name="manifests-list"),
    path("manifests/new/", making.manifest_draft, name="manifest-draft"),
    path("manifests/<uuid:manifest_id>/", stories.manifest, name="manifest"),
    path("manifests/<uuid:manifest_id>/_story", stories.manifest_piece, name="manifest-piece"),
    path("manifests/<uuid:manifest_id>/amend/", making.manifest_amend, name="manifest-amend"),
    path("manifests/<uuid:manifest_id>/revise/", making.manifest_revise, name="manifest-revise"),
    path("manifests/<uuid:manifest_id>/seal/", steps.manifest_seal, name="manifest-seal"),
    path("manifests/<uuid:manifest_id>/depart/", steps.manifest_depart, name="manifest-depart"),
    path("manifests/<uuid:manifest_id>/close/", steps.manifest_close, name="manifest-close"),
    path("manifests/<uuid:manifest_id>/cancel/", steps.manifest_cancel, name="manifest-cancel"),
]
