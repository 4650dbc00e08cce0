"""Settings, root addresses, navigation and base templates."""
