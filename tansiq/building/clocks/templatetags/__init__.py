"""Tags that say in words what a clock's ladder says in codes."""
