"""Addresses of distribution."""

from django.urls import path

from tansiq.desks.distribution.views import complaints, monitoring, partners, plans, portal, reports, stock, warehouses

app_name = "distribution"
urlpatterns = [
    path("", warehouses.warehouses, name="warehouses"),
    path("_warehouses", warehouses.warehouses_list, name="warehouses-list"),
    path("warehouses/new/", warehouses.warehouse_open, name="warehouse-open"),
    path("warehouses/<uuid:warehouse_id>/", warehouses.warehouse, name="warehouse"),
    path("warehouses/<uuid:warehouse_id>/_stock", warehouses.warehouse_piece, name="warehouse-piece"),
    path("warehouses/<uuid:warehouse_id>/amend/", warehouses.warehouse_amend, name="warehouse-amend"),
    path("warehouses/<uuid:warehouse_id>/receive/", stock.stock_receive, name="stock-receive"),
    path("warehouses/<uuid:warehouse_id>/move/", stock.stock_move, name="stock-move"),
    path("warehouses/<uuid:warehouse_id>/count/", stock.stock_count, name="stock-count"),
    path("warehouses/<uuid:warehouse_id>/release/", partners.release_send, name="release-send"),
    path("releases/", partners.partner_releases, name="partner-releases"),
    path("releases/_list", partners.partner_releases_list, name="partner-releases-list"),
    path("releases/<uuid:release_id>/", partners.partner_release, name="partner-release"),
    path("releases/<uuid:release_id>/accept/", partners.release_accept, name="release-accept"),
    path("releases/<uuid:release_id>/withdraw/", partners.release_withdraw, name="release-withdraw"),
    path("plans/", plans.distribution_plans, name="plans"),
    path("plans/_list", plans.distribution_plans_list, name="plans-list"),
    path("plans/new/", plans.plan_make, name="plan-make"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("plans/<uuid:plan_id>/_plan", plans.plan_piece, name="plan-piece"),
    path("plans/<uuid:plan_id>/amend/", plans.plan_amend, name="plan-amend"),
    path("plans/<uuid:plan_id>/check/", plans.plan_check, name="plan-check"),
    path("plans/<uuid:plan_id>/set/", plans.plan_set, name="plan-set"),
    path("plans/<uuid:plan_id>/postpone/", plans.plan_postpone, name="plan-postpone"),
    path("plans/<uuid:plan_id>/cancel/", plans.plan_cancel, name="plan-cancel"),
    path("plans/<uuid:plan_id>/report/", reports.report_send, name="report-send"),
    path("plans/<uuid:plan_id>/reconcile/", reports.report_reconcile, name="report-reconcile"),
    path("plans/<uuid:plan_id>/monitoring/", monitoring.round_draw, name="round-draw"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("monitoring/", monitoring.monitoring_rounds, name="monitoring-rounds"),
    path("monitoring/<uuid:round_id>/", monitoring.monitoring_round, name="monitoring-round"),
    path("monitoring/<uuid:round_id>/interview/", monitoring.round_interview, name="round-interview"),
    path("monitoring/<uuid:round_id>/finish/", monitoring.round_finish, name="round-finish"),
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/new/", complaints.complaint_receive, name="complaint-receive"),
    path("complaints/<uuid:complaint_id>/", complaints.complaint, name="complaint"),
    path("complaints/<uuid:complaint_id>/answer/", complaints.complaint_answer, name="complaint-answer"),
    path("complaints/<uuid:complaint_id>/feed-back/", complaints.complaint_feed_back, name="complaint-feed-back"),
    path("complaints/<uuid:complaint_id>/reopen/", complaints.complaint_reopen, name="complaint-reopen"),
    path("partner/", portal.partner, name="partner"),
]
