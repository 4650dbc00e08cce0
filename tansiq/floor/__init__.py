"""The shared picture: reads every desk, writes nothing."""
