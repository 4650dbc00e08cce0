"""What every desk stands on: the wall, the ledger, people, rooms, places, clocks and doors."""
