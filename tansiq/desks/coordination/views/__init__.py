"""Pages of the coordination desk."""
