"""Pure computation: arrays and values in, answers out; no Django, no clock, no hidden randomness."""
