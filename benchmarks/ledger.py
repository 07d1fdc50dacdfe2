"""How much of the processor does the ledger take, beside the bare database?

    uv run python benchmarks/ledger.py [--mails N] [--rounds N] [--folder MAILS]

Each mail is recorded in a transaction of its own, then once more as fetched again, and, in another ledger, in
transactions of 20, as the writer does where many wait; its copy is looked for by its place. The peer puts
the very same rows into the same tables with sqlite3 alone, and reads copy and edits back; it works nothing
out and looks nothing up. Sides take turns in one process, on fresh files each round; the best round counts,
by the time of the process.
"""

import argparse
import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bothways import clean_message
from bothways.ledger import Ledger, MessageRecord
from bothways.ledger.database import FILE_NAME
from bothways.ledger.records import imap_alias, mid_alias
from bothways.message.mime import split
from mails import make_mails, read_mails

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS = 40
"""Of a newsletter: as many make about 21 findings."""
AT_ONCE = 20
COPY = "SELECT * FROM copies WHERE place = ? ORDER BY id LIMIT 20"
EDITS = 'SELECT start, original, replacement FROM edits WHERE "copy" = ? ORDER BY position'
PER_MESSAGE = ("aliases", "findings", "views", "copies")

type Rows = list[tuple[str, list[tuple[object, ...]]]]


def make_record(raw: bytes, number: int) -> MessageRecord:
    """Clean a mail and say what the ledger keeps of it."""
    cleaned, head = clean_message(raw, keep_length=True), split(raw)
    place = imap_alias("buyer@example.com", "INBOX", 7, number)
    return MessageRecord(
        aliases=(place, mid_alias(head.message_id)) if head.message_id else (place,),
        message_id=head.message_id,
        sender=head.sender,
        sender_name=head.sender_name,
        subject=head.subject,
        date=head.date,
        at=NOON,
        route="imap",
        delivery="fetched",
        findings=cleaned.findings,
        edits=cleaned.edits,
        notes=cleaned.notes,
        original_sha256=hashlib.sha256(raw).hexdigest(),
        cleaned_sha256=hashlib.sha256(cleaned.raw).hexdigest(),
        holds_place=True,
    )


@contextmanager
def fresh_ledger() -> Iterator[tuple[Ledger, Path]]:
    """Give an empty ledger and its file."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with closing(Ledger.open(home)) as ledger:
            yield ledger, home / FILE_NAME


def time_all[T](act: Callable[[T], object], items: Sequence[T]) -> float:
    """Give the seconds of the processor that something takes with all items, one after the other."""
    start = time.process_time()
    for item in items:
        act(item)
    return time.process_time() - start


def measure_ours(records: Sequence[MessageRecord]) -> tuple[dict[str, float], list[Rows], Rows]:
    """Measure the ledger; give its rows too, by message, and those that belong to none."""
    times = {}
    groups = [records[at : at + AT_ONCE] for at in range(0, len(records), AT_ONCE)]
    with fresh_ledger() as (ledger, _):
        ledger.record(records[0])
        ledger.delete_all()
        times[f"recorded, {AT_ONCE} at once"] = time_all(ledger.record_all, groups)
    with fresh_ledger() as (ledger, path):
        ledger.record(records[0])
        ledger.delete_all()
        times["recorded"] = time_all(ledger.record, records)
        with closing(sqlite3.connect(path)) as bare:
            rows, shared = read_rows(bare)
        times["copy found"] = time_all(lambda each: ledger.copies(alias=each.aliases[0]), records)
        times["recorded again"] = time_all(ledger.record, records)
    return times, rows, shared


def read_rows(bare: sqlite3.Connection) -> tuple[list[Rows], Rows]:
    """Read all rows: those of each message in the order in which they can be put in, and the shared ones."""
    of_edits = "SELECT edits.* FROM edits JOIN copies ON copies.id = edits.copy WHERE copies.message = ?"
    messages = []
    for message in bare.execute("SELECT * FROM messages ORDER BY rowid").fetchall():
        rows: Rows = [("messages", [message])]
        for table in PER_MESSAGE:
            of_message = bare.execute(f"SELECT * FROM {table} WHERE message = ?", message[:1])
            rows.append((table, of_message.fetchall()))
        messages.append([*rows, ("edits", bare.execute(of_edits, message[:1]).fetchall())])
    shared = [(table, bare.execute(f"SELECT * FROM {table}").fetchall()) for table in ("senders", "vendors")]
    return messages, shared


def measure_bare(messages: Sequence[Rows], shared: Rows) -> dict[str, float]:
    """Measure sqlite3 alone, tuned as the ledger's file is."""
    times = {}
    places = [row[2] for rows in messages for table, found in rows if table == "copies" for row in found]
    for at_once, name in ((AT_ONCE, f"recorded, {AT_ONCE} at once"), (1, "recorded")):
        with fresh_ledger() as (_, path), closing(sqlite3.connect(path, isolation_level=None)) as bare:
            bare.execute("PRAGMA synchronous = NORMAL")
            bare.execute("PRAGMA foreign_keys = ON")
            insert_rows(bare, [shared])
            groups = [messages[at : at + at_once] for at in range(0, len(messages), at_once)]
            times[name] = time_all(partial(insert_rows, bare), groups)
            times["copy found"] = time_all(partial(find_copy, bare), places)
    return times


def insert_rows(bare: sqlite3.Connection, messages: Sequence[Rows]) -> None:
    """Put in rows in one transaction, each table's at once."""
    bare.execute("BEGIN IMMEDIATE")
    for table, rows in (pair for message in messages for pair in message):
        if rows:
            bare.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    bare.execute("COMMIT")


def find_copy(bare: sqlite3.Connection, place: object) -> object:
    """Read the copies at a place and their edits in a transaction, as the ledger does."""
    bare.execute("BEGIN")
    found = [
        (row, bare.execute(EDITS, row[:1]).fetchall()) for row in bare.execute(COPY, (place,)).fetchall()
    ]
    bare.execute("COMMIT")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    mails = list(read_mails(told.folder) if told.folder else make_mails(told.mails, rows=ROWS))
    records = [make_record(raw, number) for number, raw in enumerate(mails, 1)]
    findings = sum(len(each.findings) for each in records) / len(records)
    edits = sum(len(each.edits) for each in records) / len(records)
    print(f"{len(records)} mails, {findings:.1f} findings and {edits:.1f} edits each")
    ours: dict[str, float] = {}
    bare: dict[str, float] = {}
    for _ in range(told.rounds):
        times, rows, shared = measure_ours(records)
        for best, measured in ((ours, times), (bare, measure_bare(rows, shared))):
            best.update({name: min(each, best.get(name, each)) for name, each in measured.items()})
    count = len(records)
    print(f"{'':22s} {'ledger':>10s} {'':10s} {'sqlite3':>10s}")
    for name, seconds in ours.items():
        peer = f"{count / bare[name]:8.0f}/s {seconds / bare[name]:6.1f} times" if name in bare else ""
        print(f"{name:22s} {count / seconds:8.0f}/s {1000 * seconds / count:7.2f} ms {peer}")


if __name__ == "__main__":
    main()
