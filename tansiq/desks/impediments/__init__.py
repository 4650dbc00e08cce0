"""The impediments desk: obstacles with an owner, a clock and recorded silence."""
