"""What may be typed at the distribution desk."""
