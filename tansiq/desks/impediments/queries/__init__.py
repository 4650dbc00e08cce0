"""What the impediments desk can be asked: words, lists, stories, and what resembles what."""
