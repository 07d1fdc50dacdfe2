"""The ways of a body's octets to the client: each takes them as they come and gives what may leave."""

import hashlib
from collections.abc import Iterator
from typing import Protocol

from bothways.wire.between import Piece
from bothways.wire.events import FetchedAgain, Where, Why
from bothways.wire.imap_desk import Body, Desk
from bothways.wire.looks import Look
from bothways.wire.overlay import Overlay


class Stream(Protocol):
    """The way of one body."""

    def feed(self, octets: bytes) -> bytes:
        """Take octets, give what may leave."""

    def finish(self) -> Iterator[Piece]:
        """Say that the body is over; give the rest and the reports."""

    def release(self) -> bytes:
        """Give up what is held, as it came."""


class Passing:
    """It leaves as it comes."""

    def feed(self, octets: bytes) -> bytes:
        """Give them on."""
        return octets

    def finish(self) -> Iterator[Piece]:
        """Give nothing."""
        yield from ()

    def release(self) -> bytes:
        """Hold nothing."""
        return b""


class Overlaid:
    """Edits are laid over it."""

    def __init__(self, body: Body, where: Where, overlay: Overlay) -> None:
        self._body = body
        self._where = where
        self._overlay = overlay

    def feed(self, octets: bytes) -> bytes:
        """Give what is not inside an edit that is still to come in whole."""
        return self._overlay.feed(octets)

    def finish(self) -> Iterator[Piece]:
        """Give the rest, and report edits that did not fit."""
        yield self._overlay.finish()
        if self._overlay.mismatched:
            yield self._body.passed(self._where, Why.MISMATCH)

    def release(self) -> bytes:
        """Give the piece of an edit that is held."""
        return self._overlay.release()


class Hashed:
    """A whole message of which only the start was looked at: both sides are hashed, for the way back."""

    def __init__(self, desk: Desk, body: Body, where: Where, look: Look) -> None:
        self._desk = desk
        self._inner = Overlaid(body, where, Overlay(look.edits, 0))
        self._where = where
        self._look = look
        self._before, self._after = hashlib.sha256(), hashlib.sha256()

    def feed(self, octets: bytes) -> bytes:
        """Give what is not inside an edit that is still to come in whole."""
        self._before.update(octets)
        out = self._inner.feed(octets)
        self._after.update(out)
        return out

    def finish(self) -> Iterator[Piece]:
        """Give the rest, and report what the whole is."""
        fits = True
        for piece in self._inner.finish():
            if isinstance(piece, bytes):
                self._after.update(piece)
            else:
                fits = False
            yield piece
        if fits:
            self._desk.note_recorded(self._where, self._look)
            yield FetchedAgain(
                self._where, self._look.edits, self._before.hexdigest(), self._after.hexdigest()
            )

    def release(self) -> bytes:
        """Give the piece of an edit that is held."""
        return self._inner.release()


class Again(Overlaid):
    """A whole message that was looked at before."""

    def __init__(self, body: Body, where: Where, look: Look) -> None:
        super().__init__(body, where, Overlay(look.edits, 0))
        self._event = FetchedAgain(where, look.edits)

    def finish(self) -> Iterator[Piece]:
        """Give the rest, and report the message."""
        yield from super().finish()
        yield self._event
