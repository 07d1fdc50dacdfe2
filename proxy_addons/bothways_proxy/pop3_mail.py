"""What the POP3 connections share: mail is cleaned as over IMAP, and known by its octets alone."""

import hashlib
import logging
from dataclasses import replace

from bothways import restore
from bothways.clean import Cleaned
from bothways.ledger.records import MessageRecord, Route, sha256_alias
from bothways.message.edits import apply
from bothways.message.encodings import decode_text
from bothways.message.mime import split
from bothways.wire.events import Event, Extent, HeadFetched, MessageFetched, Where

from bothways_proxy.imap_mail import ImapMail
from bothways_proxy.mail_records import record_fetched

logger = logging.getLogger(__name__)

_ARMOUR = "-----BEGIN PGP "
_OF_THE_CUT = "boundary:unclosed"


class Pop3Mail(ImapMail):
    """Cleans messages and records them.

    A mail that is left on the server and fetched again leaves as it did at first, a start of a mail too: both
    are found by the SHA-256 of what was looked at. There is one mailbox, so the reader's own mail is known by
    its sender.
    """

    route: Route = "pop3"

    def clean(self, raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Cleaned:
        """Clean a message, or the start of one.

        What is changed in a start is changed alike in the whole: an edit depends on what is around it, and
        one that the cut goes through is not made.
        """
        try:
            cleaned = super().clean(raw, where)
            return cleaned if extent is not Extent.START else keep_certain(raw, cleaned)
        except Exception as error:
            logger.exception("a mail passes unchanged")
            return Cleaned(raw, notes=(f"failed:{type(error).__name__}",))

    def hear(self, event: Event) -> None:
        """Take note of what an engine reports; not of a preview in which nothing was changed."""
        match event:
            case MessageFetched(extent=Extent.START, cleaned=Cleaned() as cleaned):
                if event.original_sha256 or cleaned.edits:
                    self._record(record_start(event, cleaned))
            case HeadFetched():
                pass  # a client may list thousands of mails by their heads; they are noted when they are read
            case _:
                super().hear(event)

    def _first_look(self, raw: bytes, where: Where) -> Cleaned | None:
        """Give what left before of a mail with these octets, or with this start."""
        del where
        try:
            for copy in self._copies_at(sha256_alias(hashlib.sha256(raw).hexdigest())):
                if copy.route == self.route:
                    return Cleaned(apply(raw, copy.edits), edits=copy.edits)
        except Exception:
            logger.exception("what was decided before for a mail could not be read")
        return None


def keep_certain(raw: bytes, cleaned: Cleaned) -> Cleaned:
    """Leave out of a cleaned start what its rest may forbid: armour protects once it has ended."""
    notes = tuple(note for note in cleaned.notes if note != _OF_THE_CUT)
    cut = split(raw).parts[-1]
    if cut.content_type != "text/plain" or _ARMOUR not in decode_text(raw, cut).text:
        return replace(cleaned, notes=notes)
    edits = tuple(edit for edit in cleaned.edits if edit.start < cut.body_start)
    return replace(cleaned, raw=apply(raw, edits), edits=edits, notes=notes)


def record_start(event: MessageFetched, cleaned: Cleaned) -> MessageRecord:
    """Say what the ledger keeps of a mail of which the start was looked at: its place is that start.

    Where the mail's end came too, the SHA-256 are those of the whole; else of what came.
    """
    start = hashlib.sha256(restore(cleaned)).hexdigest()
    after = event.cleaned_sha256 or hashlib.sha256(cleaned.raw).hexdigest()
    record = record_fetched(event.where, start, after, cleaned)
    if not event.original_sha256:
        return record
    note = f"looked_at:first:{event.size}"
    return replace(record, original_sha256=event.original_sha256, notes=(*record.notes, note))
