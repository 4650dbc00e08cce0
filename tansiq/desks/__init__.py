"""One Django app for each real desk of the centre, the same drawers in each."""
