"""What a reference or a link is, how sure that is, and what to do about it."""
