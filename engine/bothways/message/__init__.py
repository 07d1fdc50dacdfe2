"""A raw mail as spans: its parts, their text with a map back to octets, and edits that can be undone."""
