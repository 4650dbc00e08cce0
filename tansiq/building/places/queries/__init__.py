"""Reads worth a name: search, areas, crossings, and what the map shows."""
