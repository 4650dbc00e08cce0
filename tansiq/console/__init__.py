"""The program `tansiq`: start, stop, look after and check an installation from a terminal."""
