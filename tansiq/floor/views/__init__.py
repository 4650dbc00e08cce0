"""Pages of the floor: the shared picture with its panels and stream, and the chain."""
