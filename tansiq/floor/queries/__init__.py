"""What the floor reads: news for open pages, and what each panel shows."""
