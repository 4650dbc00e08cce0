"""What may be typed at the requests desk."""
