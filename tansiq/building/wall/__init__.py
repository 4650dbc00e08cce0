"""The wall between rooms: a signed room context that PostgreSQL checks before it shows a row."""
