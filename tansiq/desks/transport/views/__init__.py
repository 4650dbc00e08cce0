"""Pages of the transport desk."""
