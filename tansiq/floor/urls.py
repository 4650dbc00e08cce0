"""Addresses of the floor and of the chain."""

from django.urls import path

from tansiq.floor.views import chain, floor

app_name = "floor"
urlpatterns = [
    path("", floor.floor, name="floor"),
    path("events", floor.events, name="events"),
    path("chain/", chain.chain, name="chain"),
    path("chain/_board", chain.chain_board, name="chain-board"),
    path("chain/_row/<uuid:consignment_id>", chain.chain_row, name="chain-row"),
    path("chain/_links/<uuid:consignment_id>", chain.chain_links, name="chain-links"),
    path("chain/funnel", chain.chain_funnel, name="chain-funnel"),
    path("chain/<uuid:consignment_id>/", chain.chain_one, name="chain-one"),
    *[path(f"_{name}", floor.panel, {"name": name}, name=name) for name in floor.PANELS],
]
