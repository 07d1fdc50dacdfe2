"""The ways to one mail server that are compared: straight, through Bothways, through mitmproxy alone.

Everything is started here, on the loopback, and needs Debian's dovecot-imapd, -pop3d and -lmtpd.
"""

import base64
import imaplib
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/e2e"))

from mails import make_mails
from testbed.authority import Authority
from testbed.bothways import Bothways, run_bothways
from testbed.dovecot import Account, Dovecot, run_dovecot
from testbed.processes import HOST, free_port, running, wait_for_port

ROWS = 125
"""Rows of newsletters that are 107 KB long on average."""
imaplib._MAXLINE = 1 << 24  # noqa: SLF001 - no other way to let it read long lines


@dataclass(frozen=True, slots=True)
class Sides:
    """A running server and the ports of the loopback that lead to it; None is the server itself, over TLS."""

    dovecot: Dovecot
    bothways: Bothways
    ports: dict[str, int | None]

    def account_with(self, *mails: bytes) -> Account:
        """Give a new account that holds these mails; the server has read them once."""
        account = self.dovecot.new_account()
        client = account.connect()
        for mail in mails:
            client.append("INBOX", "", "", mail)
        client.select("INBOX", readonly=True)
        client.fetch("1:*", "(RFC822.SIZE BODYSTRUCTURE)")
        client.logout()
        return account


@contextmanager
def run_sides() -> Iterator[Sides]:
    """Start the server, Bothways and a mitmproxy that only passes octets."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bothways-speed-")))
        folder.chmod(0o755)
        for name in ("authority", "dovecot"):
            (folder / name).mkdir(mode=0o755)
        authority = Authority(folder / "authority")
        dovecot = stack.enter_context(run_dovecot(folder / "dovecot", authority))
        server = f"localhost:{dovecot.port}"
        trusted = ("--upstream-ca", str(authority.certificate))
        bothways = stack.enter_context(
            run_bothways(folder / "home", folder / "bothways.log", *trusted, imap=[server])
        )
        bare = stack.enter_context(_run_bare(folder, server, authority))
        ports = {"direct": None, "mitmproxy": bare, "bothways": bothways.ports["imap"]}
        yield Sides(dovecot, bothways, ports)


@contextmanager
def _run_bare(folder: Path, server: str, authority: Authority) -> Iterator[int]:
    port, log = free_port(), folder / "bare.log"
    script = Path(__file__).with_name("bare_proxy.py")
    words = [sys.executable, script, server, f"{HOST}:{port}", authority.certificate, folder / "bare"]
    with running(words, log=log) as process:
        wait_for_port(port, process, log)
        yield port


def newsletters(count: int, seed: int) -> list[bytes]:
    """Make mails of about 107 KB each, nearly all of it HTML."""
    return list(make_mails(count, seed, rows=ROWS))


def mail_with_attachment(megabytes: int, seed: int) -> bytes:
    """Make a newsletter with one attachment of so many megabytes, as it is encoded."""
    (letter,) = make_mails(1, seed)
    head, _, body = letter.partition(b"\r\n\r\n")
    kind = re.compile(rb"^Content-[^\r]*\r\n", re.MULTILINE)
    own = b"".join(kind.findall(head + b"\r\n"))
    noise = random.Random(seed).randbytes(megabytes * 730_000)
    attached = base64.encodebytes(noise).replace(b"\n", b"\r\n")
    return b"\r\n".join(
        (
            kind.sub(b"", head + b"\r\n") + b'Content-Type: multipart/mixed; boundary="cut"',
            b"",
            b"--cut",
            own + b"\r\n" + body,
            b"--cut",
            b"Content-Type: application/octet-stream",
            b'Content-Disposition: attachment; filename="film.bin"',
            b"Content-Transfer-Encoding: base64",
            b"",
            attached,
            b"--cut--",
            b"",
        )
    )


def resident(process_id: int) -> float:
    """Give the memory that a process holds, in MB."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_time(process_id: int) -> float:
    """Give the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(process_id: int) -> None:
    """Return once a process does nothing any more: what it writes beside the mail's way is written."""
    before = -1.0
    while (now := processor_time(process_id)) != before:
        before = now
        time.sleep(0.3)


def print_row(what: str, figure: str, target: str, *, reached: bool | None) -> None:
    """Print one line of the table of results."""
    verdict = {True: "ok", False: "missed", None: ""}[reached]
    print(f"{what:44s} {figure:>16s}  {target:>16s}  {verdict}", flush=True)
