"""Pages of the impediments desk."""
