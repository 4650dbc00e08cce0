"""Pages of the aid desk."""
