"""What a mail client asks of an IMAP server, in the few words that the tests need."""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from testbed.dovecot import Account


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as a client has it: its octets, and the size that the server told before."""

    raw: bytes
    size: int


@contextmanager
def logged_in(account: Account, port: int | None = None) -> Iterator[imaplib.IMAP4]:
    """Log in at the server itself, or at a port of the loopback that leads to it; log out at the end."""
    client = account.connect(port)
    try:
        yield client
    finally:
        client.logout()


def fetch_all(client: imaplib.IMAP4, mailbox: str = "INBOX", item: str = "BODY.PEEK[]") -> list[Fetched]:
    """Fetch every mail of a mailbox whole, each with its RFC822.SIZE asked for beforehand."""
    _, (count,) = client.select(mailbox, readonly=True)
    if not int(count or b"0"):
        return []
    sizes = [_size(line) for line in ask(client, "1:*", "(RFC822.SIZE)")]
    bodies = [answer[1] for answer in ask(client, "1:*", f"({item})") if isinstance(answer, tuple)]
    return [Fetched(raw, size) for raw, size in zip(bodies, sizes, strict=True)]


def ask(client: imaplib.IMAP4, messages: str, items: str) -> list[bytes | tuple[bytes, bytes]]:
    """FETCH, and give what imaplib makes of the answer; anything but OK fails the test."""
    status, answers = client.fetch(messages, items)
    assert status == "OK", answers
    return [answer for answer in answers if answer is not None]


def _size(line: bytes | tuple[bytes, bytes]) -> int:
    assert isinstance(line, bytes)
    found = re.search(rb"RFC822\.SIZE (\d+)", line)
    assert found, line
    return int(found[1])
