"""Writing a changed copy of mail: file to file, folder to folder, everything that is no mail octet for octet.

The copy appears under its name when it is complete and not before; what exists is never overwritten.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bothways_cli.errors import WrongUse
from bothways_cli.sources import Unreadable, holds_mail, read_file, walk

CHUNK = 1024 * 1024

type Change = Callable[[str, bytes], bytes]
"""From a mail's name and its octets to the octets that stand in the copy."""


class UnreadableError(Exception):
    """A source that failed while it was copied."""


@contextmanager
def fresh(out: Path) -> Iterator[Path]:
    """Give a path to write to; what stands there becomes `out` when the block ends well, else it vanishes."""
    refuse_existing(out)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            place = Path(folder) / "new"
            yield place
            if place.exists():
                refuse_existing(out)
                place.rename(out)
    except OSError as error:
        raise WrongUse(f"cannot write {out}: {error.strerror}") from error


def refuse_existing(out: Path) -> None:
    """Raise `WrongUse` where something is in the way; an empty folder is not."""
    if out.is_dir() and not out.is_symlink() and not any(out.iterdir()):
        return
    if out.exists() or out.is_symlink():
        raise WrongUse(f"{out} exists: move it away or choose another name")


def refuse_nested(source: Path, out: Path) -> None:
    """Raise `WrongUse` where one of two paths lies in the other."""
    source, out = source.resolve(), out.resolve()
    if out == source or source in out.parents or out in source.parents:
        raise WrongUse(f"{out} and {source} lie in one another: choose a place beside it")


def rewrite(source: Path, place: Path, change: Change) -> Iterator[Unreadable]:
    """Write the changed copy of a file or a folder to `place`; what could not be read is told and missing."""
    if source.is_dir():
        yield from _rewrite_folder(source, place, change)
        return
    try:
        rewrite_file(source, place, source.name, change)
    except UnreadableError as error:
        place.unlink(missing_ok=True)
        yield Unreadable(str(source), str(error))


def rewrite_file(source: Path, place: Path, name: str, change: Change) -> None:
    """Write the changed copy of one file of mail, with the times and the mode of its source."""
    try:
        stream = source.open("rb")
    except OSError as error:
        raise UnreadableError(error.strerror) from error
    with stream, place.open("xb") as out:
        position = 0
        for mail in read_file(source):
            if isinstance(mail, Unreadable):
                raise UnreadableError(mail.reason)
            _copy(stream, out, position, mail.start)
            if mail.raw is None:
                _copy(stream, out, mail.start, mail.end)
            else:
                out.write(change(name + mail.source.removeprefix(str(source)), mail.raw))
            position = mail.end
        _copy(stream, out, position, None)
    shutil.copystat(source, place)


def _rewrite_folder(source: Path, place: Path, change: Change) -> Iterator[Unreadable]:
    _make_folder(source, place)
    for path in walk(source):
        if isinstance(path, Unreadable):
            yield path
            continue
        target = place / path.relative_to(source)
        try:
            _rewrite_entry(path, target, str(path.relative_to(source)), change)
        except UnreadableError as error:
            target.unlink(missing_ok=True)
            yield Unreadable(str(path), str(error))


def _rewrite_entry(path: Path, target: Path, name: str, change: Change) -> None:
    try:
        is_mail = holds_mail(path)
    except OSError as error:
        raise UnreadableError(error.strerror) from error
    if is_mail:
        rewrite_file(path, target, name, change)
    elif path.is_symlink():
        target.symlink_to(path.readlink())
    elif path.is_dir():
        _make_folder(path, target)
    elif path.is_file():
        _copy_file(path, target)
    else:
        raise UnreadableError("neither a file nor a folder")


def _make_folder(source: Path, target: Path) -> None:
    target.mkdir()
    target.chmod(source.stat().st_mode | 0o700)


def _copy_file(source: Path, target: Path) -> None:
    try:
        stream = source.open("rb")
    except OSError as error:
        raise UnreadableError(error.strerror) from error
    with stream, target.open("xb") as out:
        shutil.copyfileobj(stream, out, CHUNK)
    shutil.copystat(source, target)


def _copy(stream: BinaryIO, out: BinaryIO, start: int, end: int | None) -> None:
    """Copy the octets from `start` to `end` (None: to the last one)."""
    stream.seek(start)
    left = os.fstat(stream.fileno()).st_size - start if end is None else end - start
    while left > 0 and (chunk := stream.read(min(left, CHUNK))):
        out.write(chunk)
        left -= len(chunk)
