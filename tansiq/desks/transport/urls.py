"""Addresses of transport."""

from django.urls import path

from tansiq.desks.transport.views import lists, making, papers, scanning, scans, seals, steps, stories, uploads

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
    path("manifests/<uuid:manifest_id>/relabel/", steps.manifest_relabel, name="manifest-relabel"),
    path("manifests/<uuid:manifest_id>/labels/", papers.manifest_labels, name="manifest-labels"),
    path("manifests/<uuid:manifest_id>/paper/", papers.manifest_paper, name="manifest-paper"),
    path("manifests/<uuid:manifest_id>/waybill/", papers.manifest_waybill, name="manifest-waybill"),
    path("manifests/<uuid:manifest_id>/seals/apply/", seals.seal_apply, name="seal-apply"),
    path("manifests/<uuid:manifest_id>/seals/check/", seals.seal_check, name="seal-check"),
    path("manifests/<uuid:manifest_id>/seals/broken/", seals.seal_report_broken, name="seal-report-broken"),
    path("manifests/<uuid:manifest_id>/seals/replace/", seals.seal_replace, name="seal-replace"),
    path("scan/", scanning.scan, name="scan"),
    path("scan/send", scanning.scan_send, name="scan-send"),
    path("scans/", scans.scans, name="scans"),
    path("scans/upload/", uploads.scan_upload, name="scan-upload"),
    path("scans/take/", uploads.scan_take, name="scan-take"),
    path("key/", scans.public_key, name="key"),
]
