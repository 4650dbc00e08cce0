"""Releases: what passes from one room to another, until when, and why."""
