"""What the extension's tests drive: a stand-in for the program, and the three clients."""
