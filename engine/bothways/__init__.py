"""Bothways: the buyer's side of mail tracking."""

__version__ = "0.1.0"
