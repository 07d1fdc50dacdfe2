"""One thread that writes events into the ledger, so that mail never waits for a disk.

What is not written is counted: an event that found the queue full, that the store refused, or that was still
queued when the writer was told to hurry. A store that is locked or full is tried again and again.
`kill -9` loses at most the queue.
"""

import contextlib
import logging
import queue
import threading
import time

from sqlalchemy.exc import OperationalError

from bothways.ledger.records import Event, Refetch
from bothways.ledger.store import Ledger

BATCH = 200
QUIET_SECONDS = 0.1
LONGEST_WAIT = 1.0
"""What writing takes of the interpreter, mail under way waits for: mere repeats are gathered until none has
come for a tenth of a second, a second at most."""
GATHER_SECONDS = 0.05
"""All else, such as the way back of a mail, waits so long for what comes with it: a transaction for each mail
of a full mailbox costs twice as much."""
RETRY_SECONDS = 0.5
"""Between two tries at a store that cannot be written; once the queue is full, mail passes as it is."""
LAST_TRIES = 4
"""How often a batch is tried before it is lost, once the writer was told to end."""
log = logging.getLogger(__name__)


class LedgerWriter:
    """Queue events from any thread with `put`; a thread of its own writes them in batches."""

    def __init__(self, ledger: Ledger, maxsize: int = 10_000) -> None:
        self._ledger = ledger
        self._queue: queue.Queue[Event | None] = queue.Queue(maxsize)
        self._nearly_full = maxsize - maxsize // 10
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._lost = 0
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)

    @property
    def lost(self) -> int:
        """How many events never reached the ledger."""
        with self._lock:
            return self._lost

    @property
    def full(self) -> bool:
        """True while events that are put now might be lost: many mails may be judged before one is put."""
        return self._stopping.is_set() or self._queue.qsize() >= self._nearly_full

    def start(self) -> None:
        """Start writing."""
        self._thread.start()

    def put(self, event: Event) -> bool:
        """Queue an event without ever waiting; False when there is no room: it is lost, and counted."""
        with self._lock:  # nothing is queued behind the back of `stop`
            if not self._stopping.is_set():
                with contextlib.suppress(queue.Full):
                    self._queue.put_nowait(event)
                    return True
            self._lost += 1
        return False

    def stop(self, timeout: float | None = None) -> bool:
        """Take no more events, write what is queued and end; False when `timeout` seconds were not enough."""
        with self._lock:
            self._stopping.set()
        with contextlib.suppress(queue.Full):  # a writer with a full queue does not wait for this
            self._queue.put_nowait(None)
        if self._thread.is_alive():
            self._thread.join(timeout)
        while left := self._drain([]):
            self._lose(len(left))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            batch = self._gather([] if first is None else [first])
            if batch:
                self._write(batch)
            if self._stopping.is_set() and self._queue.empty():
                return

    def _gather(self, batch: list[Event]) -> list[Event]:
        """Let mail go first, the longer where there is only to write that known mail was fetched again."""
        until = time.monotonic() + LONGEST_WAIT
        while all(isinstance(event, Refetch) for event in batch[-1:]):
            left = until - time.monotonic()
            if left <= 0 or len(batch) >= BATCH or self._stopping.is_set():
                break
            try:
                event = self._queue.get(timeout=min(QUIET_SECONDS, left))
            except queue.Empty:
                break
            if event is not None:
                batch.append(event)
        if batch and not isinstance(batch[-1], Refetch) and self._queue.qsize() < BATCH:
            self._stopping.wait(GATHER_SECONDS)
        return self._drain(batch)

    def _drain(self, batch: list[Event]) -> list[Event]:
        while len(batch) < BATCH:
            try:
                event = self._queue.get_nowait()
            except queue.Empty:
                break
            if event is not None:
                batch.append(event)
        return batch

    def _write(self, batch: list[Event]) -> None:
        """Write a batch, however long the store is locked or full: it may hold the only way back of mails."""
        tries = 0
        while problem := self._try_to_write(batch):
            tries += 1
            if tries == 1:
                log.warning("%d events wait for the ledger: %s", len(batch), problem)
            if not self._stopping.wait(RETRY_SECONDS):
                continue
            if tries >= LAST_TRIES:
                self._lose(len(batch))
                return
            time.sleep(RETRY_SECONDS)

    def _try_to_write(self, batch: list[Event]) -> str:
        """Give what keeps the store from being written, "" once the batch is done."""
        try:
            self._ledger.record_all(batch)
        except OperationalError as error:  # it would be so for each event alone, too
            return str(error.orig)
        except Exception:  # one bad event must not take the others along
            log.exception("a batch of %d events failed; trying them one by one", len(batch))
            self._write_singly(batch)
        return ""

    def _write_singly(self, batch: list[Event]) -> None:
        for event in batch:
            try:
                self._ledger.record(event)
            except Exception:
                log.exception("an event could not be written")
                self._lose(1)

    def _lose(self, number: int) -> None:
        with self._lock:
            self._lost += number
