"""Pages of doors: what passed, one release with its decision, and the form with its preview."""
