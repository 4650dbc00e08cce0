"""Areas, crossings, sites, lines and every spelling of their names."""
