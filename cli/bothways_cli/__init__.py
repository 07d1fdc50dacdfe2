"""The command `bothways`."""
