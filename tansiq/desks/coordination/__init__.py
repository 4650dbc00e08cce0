"""The coordination desk: a consignment before each authority, silence and green light, and what is stated of routes."""
