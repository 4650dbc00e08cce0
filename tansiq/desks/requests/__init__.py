"""Requests of aid organisations: asked once, cleared line by line, turned into consignments."""
