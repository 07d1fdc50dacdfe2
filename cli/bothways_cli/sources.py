"""Where mails come from: single files, mbox files, Maildirs, folders of them, standard input.

Everything is read as a stream, one mail at a time. A mail is named by its path; one in an mbox by `path#n`,
n from 1.

An mbox is split at its `From ` lines only (RFC 4155): a line that begins so, after an empty line or at the
start of the file, and that holds a time of day when the file's first one does. Neither that line nor the
empty line before the next one belongs to a mail; a quoted `>From ` stays as it is.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_MAIL = 64 * 1024 * 1024
"""Octets of one mail that are read; a longer one is passed over with the note `too_large`."""
MAX_LINE = 64 * 1024
TOO_LARGE = "too_large"
STDIN = "-"

_TIME_OF_DAY = re.compile(rb"\d:\d\d")
_MAIL_SUFFIXES = frozenset({".eml", ".mbox", ".mbx"})


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its name, where it stands in its file, and its octets, None where it is too large to read."""

    source: str
    raw: bytes | None
    start: int = 0
    end: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader has to say about this mail."""
        return (TOO_LARGE,) if self.raw is None else ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input that could not be read, and why."""

    source: str
    reason: str


def read_all(paths: Iterable[str], max_mail: int = MAX_MAIL) -> Iterator[Mail | Unreadable]:
    """Read every mail under some paths; `-` is standard input. What cannot be read is told, never raised."""
    for path in paths:
        if path == STDIN:
            yield from _guarded(STDIN, _read_stream(STDIN, sys.stdin.buffer, max_mail))
        elif Path(path).is_dir():
            yield from _read_folder(Path(path), max_mail)
        else:
            yield from read_file(Path(path), max_mail)


def read_file(path: Path, max_mail: int = MAX_MAIL) -> Iterator[Mail | Unreadable]:
    """Read the mails of one file: an mbox by its first line, else one mail. `.eml` is always one mail."""
    try:
        with path.open("rb") as stream:
            yield from _guarded(str(path), _read_stream(str(path), stream, max_mail))
    except OSError as error:
        yield Unreadable(str(path), error.strerror or str(error))


def walk(folder: Path) -> Iterator[Path | Unreadable]:
    """Yield every path under a folder, folders before what is in them, in the order of their names.

    Links to folders are not followed.
    """
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        yield Unreadable(str(folder), error.strerror or str(error))
        return
    for name, is_folder in names:
        yield folder / name
        if is_folder:
            yield from walk(folder / name)


def holds_mail(path: Path) -> bool:
    """Tell whether a file of a folder is mail: a Maildir's, `.eml`, `.mbox`, or an mbox without a suffix."""
    if not path.is_file():
        return False
    if in_maildir(path):
        return not path.name.startswith(".")
    if path.suffix.lower() in _MAIL_SUFFIXES:
        return True
    return not path.suffix and is_mbox(path)


def in_maildir(path: Path) -> bool:
    """Tell whether a file lies in `cur` or `new` of a Maildir."""
    box = path.parent
    return box.name in {"cur", "new"} and (box.parent / "cur").is_dir() and (box.parent / "new").is_dir()


def is_mbox(path: Path) -> bool:
    """Tell whether a file holds mails behind `From ` lines; a file that cannot be read does not."""
    if path.suffix.lower() == ".eml" or in_maildir(path):
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(5) == b"From "
    except OSError:
        return False


def _read_folder(folder: Path, max_mail: int) -> Iterator[Mail | Unreadable]:
    for path in walk(folder):
        if isinstance(path, Unreadable):
            yield path
            continue
        try:
            wanted = holds_mail(path)
        except OSError as error:
            yield Unreadable(str(path), error.strerror or str(error))
            continue
        if wanted:
            yield from read_file(path, max_mail)


def _guarded(source: str, mails: Iterator[Mail]) -> Iterator[Mail | Unreadable]:
    try:
        yield from mails
    except OSError as error:
        yield Unreadable(source, error.strerror or str(error))


def _read_stream(source: str, stream: BinaryIO, max_mail: int) -> Iterator[Mail]:
    first = stream.readline(MAX_LINE)
    if first.startswith(b"From ") and not source.lower().endswith(".eml") and not in_maildir(Path(source)):
        yield from _split_mbox(source, first, stream, max_mail)
        return
    raw = first + stream.read(max(0, max_mail + 1 - len(first)))
    size = len(raw)
    yield Mail(source, raw if size <= max_mail else None, 0, size)


def _split_mbox(source: str, first: bytes, stream: BinaryIO, max_mail: int) -> Iterator[Mail]:
    timed = _TIME_OF_DAY.search(first) is not None
    number, start, position = 1, len(first), len(first)
    kept = bytearray()
    at_line_start = first.endswith(b"\n")
    blank = 0  # octets of the empty line just read
    while line := stream.readline(MAX_LINE):
        after_gap = at_line_start and (blank or position == start)
        if after_gap and line.startswith(b"From ") and (not timed or _TIME_OF_DAY.search(line)):
            yield _cut(source, number, kept, start, position - blank, max_mail)
            number, start, kept = number + 1, position + len(line), bytearray()
        elif len(kept) <= max_mail:
            kept += line
        blank = len(line) if at_line_start and line in {b"\n", b"\r\n"} else 0
        at_line_start = line.endswith(b"\n")
        position += len(line)
    yield _cut(source, number, kept, start, position - blank, max_mail)


def _cut(source: str, number: int, kept: bytearray, start: int, end: int, max_mail: int) -> Mail:
    raw = bytes(kept[: end - start]) if end - start <= max_mail else None
    return Mail(f"{source}#{number}", raw, start, end)
