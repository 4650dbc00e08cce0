"""Pages of the needs desk."""
