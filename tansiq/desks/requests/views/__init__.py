"""Pages of the requests desk."""
