"""Pages of the crossings desk."""
