"""Tags and filters that every template of the product may load."""
