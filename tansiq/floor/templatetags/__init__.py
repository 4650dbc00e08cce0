"""Tags that show the chain in words."""
