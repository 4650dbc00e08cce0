"""The aid desk: consignments, events, imports and counts."""
