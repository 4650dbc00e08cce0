"""Stored deadlines that tick, pause and tell the next person."""
