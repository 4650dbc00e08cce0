"""What the aid desk can be asked: reference data, events, imports, counts and their differences."""
