"""Addresses of aid."""

from django.urls import path

from tansiq.desks.aid.views import (
    changes,
    commodities,
    consignments,
    counts,
    definitions,
    discrepancies,
    events,
    imports,
)

app_name = "aid"
urlpatterns = [
    path("", events.events, name="events"),
    path("_list", events.events_list, name="events-list"),
    path("events/new/", events.event_record, name="event-record"),
    path("events/<uuid:event_id>/", events.event, name="event"),
    path("events/<uuid:event_id>/correct/", events.event_correct, name="event-correct"),
    path("consignments/", consignments.consignments, name="consignments"),
    path("consignments/new/", consignments.consignment_register, name="consignment-register"),
    path("consignments/<uuid:consignment_id>/", consignments.consignment, name="consignment"),
    path("consignments/<uuid:consignment_id>/amend/", consignments.consignment_amend, name="consignment-amend"),
    path("discrepancies/", discrepancies.discrepancies, name="discrepancies"),
    path("discrepancies/_list", discrepancies.discrepancies_list, name="discrepancies-list"),
    path("discrepancies/<uuid:discrepancy_id>/", discrepancies.discrepancy, name="discrepancy"),
    path("discrepancies/<uuid:discrepancy_id>/_story", discrepancies.discrepancy_piece, name="discrepancy-piece"),
    path("discrepancies/<uuid:discrepancy_id>/take-on/", discrepancies.discrepancy_take_on, name="discrepancy-take-on"),
    path("discrepancies/<uuid:discrepancy_id>/explain/", discrepancies.discrepancy_explain, name="discrepancy-explain"),
    path("discrepancies/<uuid:discrepancy_id>/leave/", discrepancies.discrepancy_leave, name="discrepancy-leave"),
    path("consignments/<uuid:consignment_id>/change/", changes.unit_change, name="unit-change"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_check, name="import-check"),
    path("imports/take/", imports.import_take, name="import-take"),
    path("imports/<uuid:run_id>/", imports.import_run, name="import"),
    path("imports/<uuid:run_id>/file/", imports.import_file, name="import-file"),
    path("counts/", counts.counts, name="counts"),
    path("counts/definitions/", definitions.count_definitions, name="count-definitions"),
    path("counts/define/", definitions.count_define, name="count-define"),
    path("counts/difference/", counts.count_difference, name="count-difference"),
    path("commodities/", commodities.commodities, name="commodities"),
    path("commodities/cargo/", commodities.cargo, name="cargo"),
    path("commodities/map/", commodities.commodity_map, name="commodity-map"),
]
