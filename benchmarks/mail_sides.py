"""The ways to one mail server that are compared: straight, through Bothways by two routes, through mitmproxy.

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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/e2e"))

from mails import make_mails
from testbed.authority import Authority
from testbed.bothways import Bothways, run_bothways
from testbed.dovecot import Account, Dovecot, run_dovecot
from testbed.processes import HOST, free_ports, running, wait_for_port
from testbed.socks import ImapThrough

type StartAgain = Callable[[], AbstractContextManager[Bothways]]

NAME = "mail.test"
MAIL = 107_000
"""Octets of a mail, on average."""
DENSE_ROWS = 125
"""Rows of newsletters of that size."""
imaplib._MAXLINE = 1 << 24  # noqa: SLF001 - no other way to let it read long lines


@dataclass(frozen=True, slots=True)
class Bare:
    """A mitmproxy that only passes octets: its ports, and who signed its certificate."""

    plain: int
    tls: int
    authority: Path


class Sides:
    """A running server, and the ports of the loopback that lead to it."""

    def __init__(self, dovecot: Dovecot, bare: Bare, start: StartAgain) -> None:
        """`start` starts a Bothways, each time with the same home folder."""
        self.dovecot = dovecot
        self.bare = bare
        self._start = start
        self._running = ExitStack()
        self.bothways = self._running.enter_context(start())

    def restart(self) -> None:
        """End Bothways and start it anew, warm from a mail of another account."""
        self.stop()
        self.bothways = self._running.enter_context(self._start())
        client = self.connect("bothways TLS", self.account_with(*usual_mails(1, 0)))
        client.select("INBOX")
        client.fetch("1", "(UID BODY.PEEK[])")
        client.logout()

    def stop(self) -> None:
        """End Bothways."""
        self._running.close()

    def connect(self, side: str, account: Account) -> imaplib.IMAP4:
        """Log in over TLS ("direct"), in plain text at a proxy, or over TLS to one ("... TLS")."""
        if side == "bothways TLS":
            port, trusted = self.bothways.ports["socks"], self.bothways.authority
            client: imaplib.IMAP4 = ImapThrough(port, NAME, trusted=trusted)
            client.login(account.user, account.password)
            return client
        if side == "mitmproxy TLS":
            return replace(account, port=self.bare.tls, authority=self.bare.authority).connect()
        ports = {"direct": None, "mitmproxy": self.bare.plain}
        return account.connect(ports.get(side, self.bothways.ports["imap"]))

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
        words = ["--upstream-ca", str(authority.certificate), "--mail-host", NAME, "--socks", f"{HOST}:0"]
        words += ["--resolve", f"{NAME}:993:{HOST}:{dovecot.port}"]
        # One name by both routes: mail is held at its server's name.
        numbers = count(1)

        def start() -> AbstractContextManager[Bothways]:
            log = folder / f"bothways-{next(numbers)}.log"
            return run_bothways(folder / "home", log, *words, imap=[NAME])

        sides = Sides(dovecot, stack.enter_context(_run_bare(folder, server, authority)), start)
        stack.callback(sides.stop)
        yield sides


@contextmanager
def _run_bare(folder: Path, server: str, authority: Authority) -> Iterator[Bare]:
    plain, tls = free_ports(2)
    log, home = folder / "bare.log", folder / "bare"
    script = Path(__file__).with_name("bare_proxy.py")
    words = [sys.executable, script, server, str(plain), str(tls), authority.certificate, home]
    with running(words, log=log) as process:
        wait_for_port(plain, process, log)
        wait_for_port(tls, process, log)
        yield Bare(plain, tls, home / "mitmproxy-ca-cert.pem")


def usual_mails(count: int, seed: int) -> list[bytes]:
    """Make mails of a plain text, a newsletter of about 21 KB and a file, 107 KB each."""
    return [with_attachment(letter, MAIL - len(letter), seed) for letter in make_mails(count, seed)]


def dense_mails(count: int, seed: int) -> list[bytes]:
    """Make mails that are nothing but a newsletter, 107 KB each on average, 125 links in each."""
    return list(make_mails(count, seed, rows=DENSE_ROWS))


def large_mail(megabytes: int, seed: int) -> bytes:
    """Make a mail of so many MB, a newsletter and a file."""
    (letter,) = make_mails(1, seed)
    return with_attachment(letter, megabytes * 1_000_000 - len(letter), seed)


def with_attachment(letter: bytes, octets: int, seed: int) -> bytes:
    """Put a plain text and a file, which takes so many octets, beside the one page of a mail."""
    head, _, body = letter.partition(b"\r\n\r\n")
    kind = re.compile(rb"^(?:Content|MIME)-[^\r]*\r\n", re.MULTILINE)
    of_page = b"".join(kind.findall(head + b"\r\n"))
    file = base64.encodebytes(random.Random(seed).randbytes(octets * 57 // 78)).replace(b"\n", b"\r\n")
    kind_of_file = b"application/octet-stream\r\nContent-Disposition: attachment; filename=film.bin"
    return b"".join(
        (
            kind.sub(b"", head + b"\r\n"),
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="cut"\r\n\r\n',
            b'--cut\r\nContent-Type: multipart/alternative; boundary="either"\r\n\r\n',
            b"--either\r\nContent-Type: text/plain\r\n\r\n" + b"All of it in plain words.\r\n" * 60,
            b"--either\r\n" + of_page + b"\r\n" + body + b"\r\n--either--\r\n",
            b"--cut\r\nContent-Type: " + kind_of_file + b"\r\n",
            b"Content-Transfer-Encoding: base64\r\n\r\n" + file + b"--cut--\r\n",
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


def print_row(what: str, figure: str, target: str, *, reached: bool | None, more: str = "") -> None:
    """Print one line of the table of results."""
    verdict = {True: "ok", False: "missed", None: ""}[reached]
    print(f"{what:52s} {figure:>15s}  {target:>10s}  {verdict:6s}{more}".rstrip(), flush=True)
