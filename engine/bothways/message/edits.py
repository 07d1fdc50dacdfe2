"""Edits of a mail: plan them by splice (any length) or refill (same length), apply them, undo them.

An edit counts octets of the original raw mail; edits are sorted and disjoint, so putting the spans
back gives the original, octet for octet.
"""

from collections.abc import Iterable

from bothways.message.plan import Change, Edit, Planned
from bothways.message.refilling import refill
from bothways.message.splicing import splice

__all__ = ["Change", "Edit", "EditMismatch", "Planned", "apply", "refill", "restore_octets", "splice"]


class EditMismatch(ValueError):  # noqa: N818 - the name says what happened
    """The octets at an edit's place are not those it speaks of."""


def apply(raw: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the mail with every edit made; raise EditMismatch where one does not fit."""
    return _exchange(raw, [(edit.start, edit.original, edit.replacement) for edit in edits])


def restore_octets(cleaned_raw: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the original of a mail that `apply` made; raise EditMismatch where an edit does not fit."""
    shift = 0
    undone: list[tuple[int, bytes, bytes]] = []
    for edit in edits:
        undone.append((edit.start + shift, edit.replacement, edit.original))
        shift += len(edit.replacement) - len(edit.original)
    return _exchange(cleaned_raw, undone)


def _exchange(raw: bytes, exchanges: list[tuple[int, bytes, bytes]]) -> bytes:
    pieces: list[bytes] = []
    position = 0
    for start, old, new in exchanges:
        if start < position or raw[start : start + len(old)] != old or start + len(old) > len(raw):
            message = f"octets {start} to {start + len(old)} are not those of the edit"
            raise EditMismatch(message)
        pieces += (raw[position:start], new)
        position = start + len(old)
    return b"".join([*pieces, raw[position:]])
