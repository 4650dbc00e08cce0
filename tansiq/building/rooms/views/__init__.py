"""Pages of the room one works in, and of being taken into another."""

from .members import choose, member_end, member_roles, room

__all__ = ["choose", "member_end", "member_roles", "room"]
