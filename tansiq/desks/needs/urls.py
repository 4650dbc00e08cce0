"""Addresses of needs."""

from django.urls import path

from tansiq.desks.needs.views import coverage, statements, storms

app_name = "needs"
urlpatterns = [
    path("", coverage.needs, name="needs"),
    path("_needs", coverage.needs_piece, name="needs-piece"),
    path("5w/", coverage.five_w, name="five-w"),
    path("caseloads/", statements.caseloads, name="caseloads"),
    path("caseloads/new/", statements.caseload_state, name="caseload-state"),
    path("caseloads/bring/", statements.caseload_bring, name="caseload-bring"),
    path("caseloads/<uuid:caseload_id>/", statements.caseload, name="caseload"),
    path("files/<uuid:file_id>/", statements.file, name="file"),
    path("exposure/", statements.exposures, name="exposures"),
    path("exposure/new/", statements.exposure_state, name="exposure-state"),
    path("exposure/<uuid:exposure_id>/", statements.exposure, name="exposure"),
    path("storms/", storms.storms, name="storms"),
    path("storms/new/", storms.storm_open, name="storm-open"),
    path("storms/<uuid:storm_id>/", storms.storm, name="storm"),
    path("storms/<uuid:storm_id>/_ranking", storms.storm_piece, name="storm-piece"),
    path("storms/<uuid:storm_id>/close/", storms.storm_close, name="storm-close"),
]
