"""The database engine of Django that speaks the room context at the start of each transaction."""
