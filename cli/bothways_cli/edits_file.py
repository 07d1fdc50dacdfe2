"""The edits file: what `clean` changed in every mail, so that `restore` can put it back.

JSON lines, UTF-8. The first line is the head, `{"bothways_edits": 1}`; then one object a mail, in the order
of cleaning, also for a mail that was not changed:

    {"source": "new/1.eml", "original_sha256": "...", "cleaned_sha256": "...",
     "edits": [{"start": 812, "original": "<base64>", "replacement": "<base64>"}]}

`start` counts octets of the original mail. A mail is found again by the SHA-256 of its cleaned octets, so
that it may have been renamed or moved meanwhile, as mail programs do in a Maildir. Between mails that look
the same once they are clean, `source` decides, and else their order.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Self

from bothways.message.edits import Edit, EditMismatch, restore_octets

VERSION = 1


class NotRestorable(ValueError):  # noqa: N818 - said to a person as it is
    """A mail that these edits do not lead back from, or a file that is no edits file."""


@dataclass(frozen=True, slots=True)
class Record:
    """The edits of one mail and the digests of both its sides."""

    source: str
    original_sha256: str
    cleaned_sha256: str
    edits: tuple[Edit, ...]


def record_of(source: str, original: bytes, cleaned: bytes, edits: tuple[Edit, ...]) -> Record:
    """Make the record of a mail just cleaned."""
    return Record(source, sha256(original).hexdigest(), sha256(cleaned).hexdigest(), edits)


class EditsWriter:
    """Writes an edits file as the mails come."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._write_line({"bothways_edits": VERSION})

    def add(self, record: Record) -> None:
        """Write one mail's record."""
        edits = [
            {
                "start": edit.start,
                "original": b64encode(edit.original).decode(),
                "replacement": b64encode(edit.replacement).decode(),
            }
            for edit in record.edits
        ]
        self._write_line(
            {
                "source": record.source,
                "original_sha256": record.original_sha256,
                "cleaned_sha256": record.cleaned_sha256,
                "edits": edits,
            }
        )

    def _write_line(self, value: dict[str, Any]) -> None:
        self._out.write(json.dumps(value).encode() + b"\n")


class EditsReader:
    """Finds the record of a cleaned mail; keeps only digests and places in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._places: dict[bytes, list[int]] = {}
        self._given: Counter[bytes] = Counter()
        try:
            self._read_places(stream)
        except BaseException:
            stream.close()
            raise

    def _read_places(self, stream: BinaryIO) -> None:
        if _parse(stream.readline()).get("bothways_edits") != VERSION:
            raise NotRestorable("not an edits file of this version of Bothways")
        place = stream.tell()
        while line := stream.readline():
            digest = bytes.fromhex(_read_record(line).cleaned_sha256)
            self._places.setdefault(digest, []).append(place)
            place = stream.tell()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an edits file; OSError or NotRestorable."""
        return cls(path.open("rb"))

    def restore(self, source: str, cleaned: bytes) -> bytes:
        """Return the original of a cleaned mail, both digests checked; NotRestorable where there is none."""
        record = self._find(source, sha256(cleaned).digest())
        try:
            original = restore_octets(cleaned, record.edits)
        except EditMismatch as error:
            raise NotRestorable(f"its edits do not fit: {error}") from error
        if sha256(original).hexdigest() != record.original_sha256:
            raise NotRestorable("its edits do not give back the original")
        return original

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _find(self, source: str, digest: bytes) -> Record:
        records = [self._record_at(place) for place in self._places.get(digest, [])]
        if not records:
            raise NotRestorable("not as it was when it was cleaned, or not cleaned with this edits file")
        next_one = records[self._given[digest] % len(records)]
        self._given[digest] += 1
        return next((record for record in records if record.source == source), next_one)

    def _record_at(self, place: int) -> Record:
        self._stream.seek(place)
        return _read_record(self._stream.readline())


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise NotRestorable("not an edits file") from error
    if not isinstance(value, dict):
        raise NotRestorable("not an edits file")
    return value


def _read_record(line: bytes) -> Record:
    value = _parse(line)
    try:
        edits = tuple(
            Edit(
                int(edit["start"]),
                b64decode(edit["original"], validate=True),
                b64decode(edit["replacement"], validate=True),
            )
            for edit in value["edits"]
        )
        original, cleaned = bytes.fromhex(value["original_sha256"]), bytes.fromhex(value["cleaned_sha256"])
        return Record(str(value["source"]), original.hex(), cleaned.hex(), edits)
    except (KeyError, TypeError, ValueError, Base64Error) as error:
        raise NotRestorable("a damaged line in the edits file") from error
