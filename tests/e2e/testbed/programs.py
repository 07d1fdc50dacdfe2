"""The programs that people fetch their mail with, each run once over a whole inbox."""

import mailbox
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbed.dovecot import Account
from testbed.processes import ProgramError, run_to_end

EXPECTED = re.compile(
    rb"(?:fetchmail: WARNING: Running as root is discouraged\.|\*\*\* IMAP Warning \*\*\* Password is .*"
    rb"|getaddrinfo failed for .*\nCannot find my own host in hosts database .*(?:\n(?:Trying|DO) .*)+)\n"
)
"""What programs say of every run as root, of every server in plain text, of every machine without a name."""
MBSYNC_STORES = """
IMAPStore far
Account tested

MaildirStore near
Inbox {folder}/INBOX
Path {folder}/

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
SyncState *
"""
MBSYNC = """
IMAPAccount tested
Host {host}
Port {port}
User {user}
Pass {password}
SSLType {tls}
AuthMechs LOGIN
{certificate}
"""
OFFLINEIMAP = """
[general]
accounts = tested
metadata = {folder}/offlineimap
ui = basic
[Account tested]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = {folder}
[Repository far]
type = IMAP
remotehost = {host}
remoteport = {port}
remoteuser = {user}
remotepass = {password}
ssl = {tls}
starttls = no
{certificate}
folderfilter = lambda name: name == "INBOX"
"""
FETCHMAIL = """
set no bouncemail
poll {host} protocol {protocol} port {port}
user "{user}" password "{password}" {tls}
norewrite
mda "{store}"
"""
MUTT = """
set folder="{scheme}://{host}:{port}/"
set spoolfile="+INBOX"
set imap_user="{user}"
set imap_pass="{password}"
set imap_authenticators="login"
set ssl_starttls=no
set ssl_force_tls=no
{certificate}
set confirmcreate=no
set confirmappend=no
set mbox_type=mbox
set delete=no
set quit=yes
set wait_key=no
push '<tag-pattern>~A<enter><tag-prefix><copy-message>{folder}/mbox<enter><quit>'
"""

IMAPCLIENT = """
import pathlib, ssl, sys
from imapclient import IMAPClient
host, port, user, password, trusted, folder = sys.argv[1:]
context = ssl.create_default_context(cafile=trusted) if trusted else None
with IMAPClient(host, int(port), ssl=bool(trusted), ssl_context=context, timeout=120) as client:
    client.login(user, password)
    client.select_folder("INBOX", readonly=True)
    for uid in client.search():
        size = client.fetch(uid, ["RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE"])[uid][b"RFC822.SIZE"]
        mail = b""
        while len(mail) < size:
            window = client.fetch(uid, [f"BODY.PEEK[]<{len(mail)}.100000>"])[uid]
            mail += window[b"BODY[]<%d>" % len(mail)]
        pathlib.Path(folder, f"mail.{uid}").write_bytes(mail)
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How a program reaches a server: its name, its ports, and whom to trust where these speak TLS."""

    host: str
    imap: int
    pop3: int
    trusted: Path | None = None

    def run(self, folder: Path, words: Sequence[str | Path], *, terminal: bool = False) -> bytes:
        """Run a program to its end and give its output; it must end well and complain of nothing."""
        done = run_to_end(words, terminal=terminal, env={"HOME": str(folder), "TERM": "xterm"})
        if EXPECTED.sub(b"", done.stderr):
            raise ProgramError(f"{words}: {done.stdout[-2000:]!r} {done.stderr[-2000:]!r}")
        return done.stdout

    def fill(self, template: str, account: Account, folder: Path, **values: str) -> str:
        """Fill in a program's settings."""
        known = {"host": self.host, "port": str(self.imap), "folder": str(folder)}
        return template.format(user=account.user, password=account.password, **{**known, **values})


def mbsync(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Fill a Maildir with mbsync."""
    settings = folder / "mbsyncrc"
    certificate = f"CertificateFile {way.trusted}" if way.trusted else ""
    values = {"tls": "IMAPS" if way.trusted else "None", "certificate": certificate}
    settings.write_text(way.fill(MBSYNC + MBSYNC_STORES, account, folder, **values))
    way.run(folder, ["mbsync", "-q", "-c", settings, "all"])
    return _stored((folder / "INBOX").glob("[cn]*/*"))


def offlineimap(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Fill a Maildir with OfflineIMAP."""
    settings = folder / "offlineimaprc"
    certificate = f"sslcacertfile = {way.trusted}" if way.trusted else ""
    values = {"tls": "yes" if way.trusted else "no", "certificate": certificate}
    settings.write_text(way.fill(OFFLINEIMAP, account, folder, **values))
    way.run(folder, ["offlineimap", "-o", "-u", "quiet", "-c", settings])
    return _stored((folder / "INBOX").glob("[cn]*/*"))


def mutt(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Copy an inbox into a local file with mutt."""
    settings = folder / "muttrc"
    certificate = f'set ssl_ca_certificates_file="{way.trusted}"' if way.trusted else ""
    values = {"scheme": "imaps" if way.trusted else "imap", "certificate": certificate}
    settings.write_text(way.fill(MUTT, account, folder, **values))
    way.run(folder, ["mutt", "-n", "-F", settings], terminal=True)
    box = mailbox.mbox(folder / "mbox", create=False)
    mails = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - a mailbox iterates over its values
    box.close()
    return [_as_sent(mail) for mail in mails]


def fetchmail_imap(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Take an inbox away with fetchmail: of each mail the header, then the text."""
    return _fetchmail(way, account, folder, protocol="imap", port=str(way.imap))


def fetchmail_pop3(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Take an inbox away with fetchmail: each mail by TOP, with more lines than it has."""
    return _fetchmail(way, account, folder, protocol="pop3", port=str(way.pop3))


def _fetchmail(way: Way, account: Account, folder: Path, **values: str) -> list[bytes]:
    store = folder / "store"
    store.write_text(f"#!/bin/sh\nexec cat > $(mktemp {shlex.quote(str(folder))}/mail.XXXXXX)\n")
    store.chmod(0o700)
    settings = folder / "fetchmailrc"
    tls = f'ssl sslcertck sslcertfile "{way.trusted}"' if way.trusted else 'sslproto ""'
    settings.write_text(way.fill(FETCHMAIL, account, folder, tls=tls, store=str(store), **values))
    settings.chmod(0o600)
    way.run(folder, ["fetchmail", "--silent", "-f", settings, "--pidfile", folder / "pid"])
    return _stored(folder.glob("mail.*"))


def curl(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Fetch mail after mail with curl."""
    words = ["curl", "--silent", "--show-error", "--user", f"{account.user}:{account.password}"]
    words += ["--cacert", str(way.trusted)] if way.trusted else []
    address = f"{'imaps' if way.trusted else 'imap'}://{way.host}:{way.imap}/INBOX;MAILINDEX="
    return [
        way.run(folder, [*words, f"{address}{number}"]) for number in range(1, number_of_mails(account) + 1)
    ]


def imapclient(way: Way, account: Account, folder: Path) -> list[bytes]:
    """Read mail after mail in windows with IMAPClient, the Python library."""
    words = [way.host, str(way.imap), account.user, account.password, str(way.trusted or ""), folder]
    way.run(folder, [sys.executable, "-c", IMAPCLIENT, *words])
    return _stored(folder.glob("mail.*"))


def number_of_mails(account: Account) -> int:
    """Ask the server itself how many mails an inbox holds."""
    client = account.connect()
    _, (count,) = client.select("INBOX", readonly=True)
    client.logout()
    return int(count or b"0")


def _stored(paths: Iterable[Path]) -> list[bytes]:
    return [_as_sent(path.read_bytes()) for path in paths]


def _as_sent(mail: bytes) -> bytes:
    """Give back the CRs that programs take off."""
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
