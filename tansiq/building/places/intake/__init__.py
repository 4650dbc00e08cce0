"""Reads other people's place files: checks them, repairs what can be, and says what was wrong with the rest."""
