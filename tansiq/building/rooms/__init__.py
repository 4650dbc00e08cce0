"""Operations, rooms, membership, and the one way in which anything is done: an act."""
