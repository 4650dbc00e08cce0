"""Addresses of places, areas and crossings."""

from django.urls import path

from tansiq.building.places import views

app_name = "places"
urlpatterns = [
    path("", views.places, name="places"),
    path("search", views.search, name="search"),
    path("areas/", views.areas, name="areas"),
    path("areas.geojson", views.areas_map, name="areas-map"),
    path("lines.geojson", views.lines_map, name="lines-map"),
    path("roads.geojson", views.roads_map, name="roads-map"),
    path("crossings.geojson", views.crossings_map, name="crossings-map"),
    path("crossings/", views.crossings, name="crossings"),
    path("crossings/_list", views.crossings_fragment, name="crossings-fragment"),
    path("crossings/<slug:code>/", views.crossing, name="crossing"),
    path("crossings/<slug:code>/report/", views.crossing_status_report, name="crossing_status-report"),
    path("crossings/<slug:code>/quota/", views.crossing_quota_change, name="crossing_quota-change"),
    path("<uuid:place_id>/", views.place, name="place"),
    path("<uuid:place_id>.geojson", views.place_map, name="place-map"),
]
