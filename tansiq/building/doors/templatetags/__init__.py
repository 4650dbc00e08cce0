"""Tags that show in any list who reads a row."""
