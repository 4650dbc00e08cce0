"""Pages of the distribution desk."""
