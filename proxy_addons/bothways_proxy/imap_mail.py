"""What the IMAP connections share: how a message is cleaned, and how what happened gets into the ledger."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bothways import clean_message
from bothways.clean import Cleaned
from bothways.ledger import LedgerWriter, MessageRecord
from bothways.ledger.copies import Copy
from bothways.ledger.records import Incident, IncidentKind, Refetch, Route, sha256_alias
from bothways.message.edits import apply
from bothways.settings import AS_SHIPPED, Settings, leave_out
from bothways.status import RunStatus
from bothways.wire.events import (
    Event,
    Extent,
    FetchedAgain,
    HeadFetched,
    LeftBefore,
    MessageFetched,
    MessagePassed,
    Refused,
    SpecialUse,
    WentThrough,
    Where,
    Why,
)
from bothways.wire.imap import ImapEngine, Uses
from bothways.wire.looks import Looks

from bothways_proxy.mail_records import (
    name_places,
    read_head,
    record_as_whole,
    record_fetched,
    record_head,
    record_passed,
)
from bothways_proxy.pause import PauseWatch

logger = logging.getLogger(__name__)

type CopiesAt = Callable[[str], Sequence[Copy]]

_MOST_NOTED = 10_000


def no_copies(_: str) -> Sequence[Copy]:
    """Say that nothing left before."""
    return ()


@dataclass(frozen=True, slots=True)
class Held(Cleaned, LeftBefore):
    """What left before, where the ledger knows the message by its place and by its octets."""


class ImapMail:
    """Cleans messages and records them.

    `copies_at` tells what left before for a place on a server: a client's copy of a mail never changes under
    it, whatever rules, policy or pause are later.
    """

    route: Route = "imap"

    def __init__(
        self,
        writer: LedgerWriter,
        status: RunStatus,
        paused: PauseWatch,
        copies_at: CopiesAt = no_copies,
        settings: Settings = AS_SHIPPED,
    ) -> None:
        self._writer = writer
        self._status = status
        self._paused = paused
        self._copies_at = copies_at
        self._settled = settings.recipients
        self._policy = settings.to_policy()
        self._noted: set[tuple[Where, Why | None]] = set()
        self._uses: defaultdict[str, Uses] = defaultdict(dict)
        self._looks: defaultdict[str, Looks] = defaultdict(Looks)

    def new_engine(self, server: str) -> ImapEngine:
        """Give the engine of one more connection to the server with this host name."""
        return ImapEngine(self.clean, uses=self._uses[server], looks=self._looks[server], server=server)

    def clean(self, raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Cleaned:
        """Clean a message as its place asks for: while paused it stays as it is, sent mail is only judged."""
        first = self._held(raw, where, extent)
        if first is not None:
            return first
        if self._paused():
            return Cleaned(raw, notes=("paused",))
        if self._writer.full:
            # What the ledger cannot keep could never be put back.
            return Cleaned(raw, notes=("failed:ledger_full",))
        recipients = _own_addresses(self._settled, raw, where, extent)
        return clean_message(raw, recipients=recipients, policy=self._policy, keep_length=True)

    def _held(self, raw: bytes, where: Where, extent: Extent) -> Cleaned | None:
        try:
            if extent is Extent.START:
                return self._first_look_at_start(raw, where)
            return self._first_look(raw, where) if extent is Extent.WHOLE else None
        except Exception:
            logger.exception("what was decided before for a mail could not be read")
        return None

    def _first_look(self, raw: bytes, where: Where) -> Cleaned | None:
        """Give what left before; a mail that was fetched without a UID is known by its octets alone."""
        places = name_places(where)
        digest = "" if places else hashlib.sha256(raw).hexdigest()
        for copy in self._copies(places or (sha256_alias(digest),)):
            digest = digest or hashlib.sha256(raw).hexdigest()
            is_known = not copy.original_sha256 and _proves(copy, places) and _fits(raw, copy)
            if is_known or copy.original_sha256 == digest:
                return _leave_again(copy, apply(raw, copy.edits), places)
        return None

    def _first_look_at_start(self, raw: bytes, where: Where) -> Cleaned | None:
        """Give what left before of a mail that begins so; its edits may lie behind what is there of it."""
        places = name_places(where)
        fit = [copy for copy in self._copies(places) if _proves(copy, places) and _fits(raw, copy)]
        if not fit:
            return None
        # What the whole of it is may have been put on record later, with the edits of the first look.
        first = next((copy for copy in fit if copy.original_sha256 and copy.edits == fit[0].edits), fit[0])
        inside = [edit for edit in first.edits if edit.end <= len(raw)]
        return _leave_again(first, apply(raw, inside), places)

    def _copies(self, places: Sequence[str]) -> Iterator[Copy]:
        for place in places:
            yield from (copy for copy in self._copies_at(place) if copy.route == self.route)

    def hear(self, event: Event) -> None:
        """Take note of what an engine reports."""
        match event:
            case MessageFetched(where, size, original, after, Cleaned() as cleaned, extent):
                record = record_fetched(where, original, after, cleaned)
                if extent is Extent.START:
                    record = replace(record, notes=(*record.notes, f"looked_at:first:{size}"))
                self._record(record)
            case FetchedAgain():
                self._record_again(event)
            case HeadFetched(where, Cleaned() as cleaned):
                if cleaned.findings and self._is_new(where, None):
                    self._record(record_head(where, cleaned))
            case MessagePassed():
                self._note_passed(event)
            case Refused(command):
                logger.info("refused %s", command)
            case WentThrough(reason, where):
                logger.warning("a connection for %s passes untouched from here on: %s", self.route, reason)
                self._record_incident("went_through", reason, where)

    def _note_passed(self, event: MessagePassed) -> None:
        where, why, detail = event.where, event.why, event.detail
        logger.info("passed %s of %d octets unchanged: %s %s", event.item, event.size, why, detail)
        if not name_places(where):
            self._status.saw_message(datetime.now(UTC))
            self._record_incident("passed", f"{why}:{detail}" if detail else why, where)
        elif self._is_new(where, why):
            self._record(record_passed(event))

    def _record_incident(self, kind: IncidentKind, reason: str, where: Where) -> None:
        now = datetime.now(UTC)
        self._writer.put(Incident(kind, reason, now, self.route, where.account, where.server))

    def _is_new(self, where: Where, why: Why | None) -> bool:
        """Whether this was not noted before: a large mail is read in hundreds of windows."""
        if (where, why) in self._noted:
            return False
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted.add((where, why))
        return True

    def _record_again(self, event: FetchedAgain) -> None:
        if event.original_sha256:
            self._record(record_as_whole(event))
            return
        at = datetime.now(UTC)
        self._status.saw_message(at)
        for place in name_places(event.where)[:1]:
            self._writer.put(Refetch(place, at, self.route, event.where.client))

    def _record(self, record: MessageRecord) -> None:
        self._status.saw_message(record.at)
        if record.aliases:
            self._writer.put(replace(record, route=self.route))


def _leave_again(copy: Copy, raw: bytes, places: Sequence[str]) -> Cleaned:
    known = copy.original_sha256 and copy.place in places[:1]
    return (Held if known else Cleaned)(raw, edits=copy.edits)


def _proves(copy: Copy, places: Sequence[str]) -> bool:
    """Whether a copy can be of this mail: where nothing was changed, only a place on this server tells."""
    return bool(copy.edits) or copy.place in places[:1]


def _fits(raw: bytes, copy: Copy) -> bool:
    """Whether a mail holds what a copy's edits speak of, as far as it is there."""
    return all(raw.startswith(edit.original, edit.start) for edit in copy.edits if edit.end <= len(raw))


def _own_addresses(settled: Sequence[str], raw: bytes, where: Where, extent: Extent) -> tuple[str, ...]:
    """The reader's addresses, as settled or as the login: mail from one of them is own and stays as it is.

    In a mailbox of sent mail the sender is one, whatever the login is called. Anyone may write the reader's
    address into From: such a mail that came from a server (RFC 5321, 4.4: it has a Received) is not own.
    """
    addresses = tuple(settled) or ((where.account,) if "@" in where.account else ())
    head = read_head(raw)
    if where.use is SpecialUse.SENT:
        return (*addresses, head.sender)
    # Of chosen header fields nobody knows whether a Received is among the others.
    came = extent is Extent.HEAD or head.header("Received") is not None
    return leave_out(head.sender, addresses) if came else addresses
