"""What may be typed at the transport desk."""
