"""Addresses of distribution."""

from django.urls import path

from tansiq.desks.distribution.views import stock, warehouses

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
]
