"""The thread that writes: never in the way of mail, and honest about what it lost."""

import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from bothways.ledger import Ledger, LedgerWriter
from bothways.ledger.records import Refetch
from bothways.ledger.writer import BATCH
from sqlalchemy.exc import OperationalError

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def make_records(make_record, make_finding):
    def make(number):
        return [make_record(aliases=(f"mid:<{n}@x>",), findings=(make_finding(),)) for n in range(number)]

    return make


def test_stop_writes_all_that_was_queued(ledger, make_records):
    writer = LedgerWriter(ledger)
    writer.start()
    assert all(writer.put(record) for record in make_records(300))
    assert writer.stop(30)
    assert writer.lost == 0
    assert ledger.totals(NOON, NOON + DAY).messages == 300


def test_only_repeats_wait_for_a_quiet_moment(ledger, make_records, monkeypatch):
    monkeypatch.setattr("bothways.ledger.writer.QUIET_SECONDS", 3600)
    monkeypatch.setattr("bothways.ledger.writer.LONGEST_WAIT", 3600)
    written = threading.Event()
    record_all = ledger.record_all
    monkeypatch.setattr(ledger, "record_all", lambda batch: (record_all(batch), written.set()))
    writer = LedgerWriter(ledger)
    writer.start()
    writer.put(Refetch("mid:<0@x>", NOON, "imap"))
    assert not written.wait(0.2)
    writer.put(make_records(1)[0])
    assert written.wait(30)
    assert writer.stop(30)


def test_a_full_queue_loses_and_counts(ledger, make_records):
    writer = LedgerWriter(ledger, maxsize=3)
    assert [writer.put(record) for record in make_records(5)] == [True, True, True, False, False]
    assert writer.lost == 2
    writer.start()
    assert writer.stop(30)
    assert (writer.lost, ledger.totals(NOON, NOON + DAY).messages) == (2, 3)


def test_nothing_is_taken_after_the_stop(ledger, make_records):
    writer = LedgerWriter(ledger)
    writer.start()
    assert writer.stop(30)
    assert not writer.put(make_records(1)[0])
    assert writer.lost == 1
    assert writer.stop(30)


def test_what_is_put_while_it_stops_is_written_or_counted(ledger, make_records):
    writer = LedgerWriter(ledger)
    writer.start()
    records = make_records(400)
    under_way = threading.Event()

    def put_all(mine):
        for record in mine:
            writer.put(record)
            under_way.set()

    threads = [threading.Thread(target=put_all, args=(records[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    assert under_way.wait(30)
    assert writer.stop(30)
    for thread in threads:
        thread.join()
    assert ledger.totals(NOON, NOON + DAY).messages + writer.lost == 400


def test_a_writer_that_never_started_loses_its_queue(ledger, make_records):
    writer = LedgerWriter(ledger)
    for record in make_records(1) * (BATCH + 1):
        writer.put(record)
    assert writer.stop(1)
    assert writer.lost == BATCH + 1


def test_one_bad_event_takes_no_other_along(ledger, make_records, make_record, caplog):
    writer = LedgerWriter(ledger)
    good = make_records(4)
    for event in (*good[:2], make_record(at=NOON.replace(tzinfo=None)), *good[2:]):
        writer.put(event)
    writer.start()
    assert writer.stop(30)
    assert (writer.lost, ledger.totals(NOON, NOON + DAY).messages) == (1, 4)
    assert "could not be written" in caplog.text


class FailingLedger:
    """A ledger whose disk is full for so many tries."""

    def __init__(self, ledger, failures):
        self.ledger = ledger
        self.failures = failures

    def record_all(self, events):
        if self.failures:
            self.failures -= 1
            raise OperationalError("INSERT", {}, sqlite_full())
        return self.ledger.record_all(events)


def sqlite_full():
    return Exception("database or disk is full")


def test_a_store_that_fails_for_a_while_loses_nothing(ledger, make_records, caplog):
    writer = LedgerWriter(FailingLedger(ledger, failures=2))
    for record in make_records(250):
        writer.put(record)
    writer.start()
    assert writer.stop(30)
    assert (writer.lost, ledger.totals(NOON, NOON + DAY).messages) == (0, 250)
    assert caplog.text.count("wait for the ledger") == 1


def test_a_store_that_fails_to_the_end_is_counted(ledger, make_records, caplog):
    writer = LedgerWriter(FailingLedger(ledger, failures=1000))
    for record in make_records(3):
        writer.put(record)
    writer.start()
    assert writer.stop(30)
    assert writer.lost == 3
    assert "disk is full" in caplog.text


def test_readers_and_other_writers_are_not_in_the_way(ledger, make_records):
    writer = LedgerWriter(ledger)
    writer.start()
    counts, done = [], threading.Event()

    def read():
        while not done.is_set():
            counts.append(ledger.totals(NOON, NOON + DAY).messages)
            ledger.pause(datetime.now(UTC) + DAY)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for record in make_records(400):
        writer.put(record)
    assert writer.stop(60)
    done.set()
    for reader in readers:
        reader.join()
    assert writer.lost == 0
    assert ledger.totals(NOON, NOON + DAY).messages == 400
    assert ledger.paused_until() is not None


def test_kill_loses_at_most_the_queue(home):
    program = """if True:
        import sys, time
        from datetime import UTC, datetime
        from bothways.ledger import Ledger, LedgerWriter, OpenAttempt
        writer = LedgerWriter(Ledger.open(sys.argv[1]))
        writer.start()
        while True:
            at = datetime(2026, 5, 4, 12, tzinfo=UTC)
            writer.put(OpenAttempt("https://t.example/", at, None, "t.example"))
            time.sleep(0.001)
            print(".", end="", flush=True)
    """
    process = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE)
    queued = len(process.stdout.read(300))
    opened = Ledger.open(home)
    until = time.monotonic() + 120
    while (before := opened.totals(NOON, NOON + DAY).open_attempts) <= 100 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    after = opened.totals(NOON, NOON + DAY).open_attempts
    opened.close()
    assert queued == 300
    assert after >= before > 100


def test_a_writer_says_when_it_has_no_room(ledger, make_records):
    writer = LedgerWriter(ledger, maxsize=1)
    assert not writer.full
    assert writer.put(make_records(1)[0])
    assert writer.full
    writer.start()
    assert writer.stop(30)
    assert writer.full


def test_a_writer_says_so_while_there_is_room_for_mails_already_judged(ledger, make_records):
    writer = LedgerWriter(ledger, maxsize=20)
    assert all(writer.put(record) for record in make_records(18))
    assert writer.full
    assert all(writer.put(record) for record in make_records(2))
    writer.start()
    assert writer.stop(30)
