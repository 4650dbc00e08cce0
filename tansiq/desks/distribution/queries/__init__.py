"""What the distribution desk can be asked: its settings, words, warehouses and stock."""
