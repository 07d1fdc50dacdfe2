"""Mail programs that know no SOCKS5, led through it: their servers' names and TLS stay as they are."""

import shlex
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from testbed.bothways import Bothways, StartBothways
from testbed.dovecot import Account, Dovecot
from testbed.letters import attachments, mail_with_attachment, shown_texts
from testbed.processes import HOST

pytestmark = pytest.mark.e2e

NAMED = "mail.test"
CHAINED = ("proxychains4", "-f", "proxychains.conf")
PROXYCHAINS = """
strict_chain
quiet_mode
proxy_dns
remote_dns_subnet 224
[ProxyList]
socks5 {host} {port}
"""
FETCHMAILRC = """
poll {host} protocol {protocol}
  user "{user}" password "{password}" ssl sslcertck sslcertfile "{trusted}"
  mda "{script} {folder}"
"""
# What is started for each mail has no need of a proxy.
MDA = """#!/bin/sh
unset LD_PRELOAD
exec cat >"$(mktemp "$1/XXXXXX.eml")"
"""
OFFLINEIMAPRC = """
[general]
accounts = named
metadata = {folder}/metadata
ui = basic
[Account named]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = {folder}/mail
[Repository far]
type = IMAP
remotehost = {host}
remoteuser = {user}
remotepass = {password}
ssl = yes
sslcacertfile = {trusted}
folderfilter = lambda name: name == 'INBOX'
"""
MUTTRC = """
set imap_user="{user}" imap_pass="{password}" folder="imaps://{host}/" spoolfile="+INBOX"
set ssl_ca_certificates_file="{trusted}" certificate_file="{folder}/none" ssl_verify_host=yes
set confirmappend=no delete=no quit=yes
push '<first-entry><copy-message>{folder}/copy.mbox<enter><enter><quit>'
"""

type Fetch = Callable[..., None]


@pytest.fixture(scope="module")
def named(start_bothways: StartBothways, dovecot: Dovecot) -> Iterator[Bothways]:
    """Give a Bothways that cleans the mail of one host, by its name."""
    places = ((993, dovecot.port), (995, dovecot.pop3_port))
    options = [word for port, here in places for word in ("--resolve", f"{NAMED}:{port}:{HOST}:{here}")]
    with start_bothways("--mail-host", NAMED, "--socks", f"{HOST}:0", *options) as bothways:
        yield bothways


@pytest.fixture
def fetch(account: Account, named: Bothways, tmp_path: Path, require_debian: Callable[..., None]) -> Fetch:
    """Give `fetch(settings, *words, **values)`: a program run to its end, its settings in the file `rc`."""
    chain = tmp_path / "proxychains.conf"
    chain.write_text(PROXYCHAINS.format(host=HOST, port=named.ports["socks"]))
    known = {"host": NAMED, "user": account.user, "password": account.password, "folder": tmp_path}

    def run(settings: str, *words: str, **values: str | Path) -> None:
        rc = tmp_path / "rc"
        rc.write_text(settings.format(trusted=named.authority, **known, **values))
        rc.chmod(0o600)
        said = subprocess.run(
            words, cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False
        )
        assert said.returncode == 0, said

    return run


def check(account_mail: bytes, original: bytes, gone: Sequence[str]) -> None:
    """The trackers are gone from a stored mail, and its attachments are as they were sent."""
    assert not any(url in shown_texts(account_mail) for url in gone)
    assert attachments(account_mail) == attachments(original)


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_fetchmail(
    account: Account, fetch: Fetch, tmp_path: Path, require_debian: Callable[..., None], protocol: str
) -> None:
    require_debian("fetchmail", "proxychains4")
    letter = mail_with_attachment(f"named-fetchmail-{protocol}", 200_000)
    account.deliver(letter.raw)
    script = tmp_path / "mda"
    script.write_text(MDA)
    script.chmod(0o700)
    words = ("fetchmail", "-f", "rc", "--pidfile", "pid", "-i", "ids", "--nosyslog")
    fetch(FETCHMAILRC, *CHAINED, *words, protocol=protocol, script=script)
    (stored,) = tmp_path.glob("*.eml")
    check(stored.read_bytes().replace(b"\n", b"\r\n"), letter.raw, letter.gone)


def test_offlineimap(
    account: Account, fetch: Fetch, tmp_path: Path, require_debian: Callable[..., None]
) -> None:
    require_debian("offlineimap3", "proxychains4")
    letter = mail_with_attachment("named-offlineimap", 200_000)
    account.deliver(letter.raw)
    fetch(OFFLINEIMAPRC, *CHAINED, "offlineimap", "-o", "-c", "rc")
    (stored,) = (tmp_path / "mail").glob("INBOX/[cn]*/*")
    check(stored.read_bytes().replace(b"\n", b"\r\n"), letter.raw, letter.gone)


def test_mutt(account: Account, fetch: Fetch, tmp_path: Path, require_debian: Callable[..., None]) -> None:
    require_debian("mutt", "proxychains4")
    letter = mail_with_attachment("named-mutt", 200_000)
    account.deliver(letter.raw)
    # proxychains stands inside: `script` in it hangs at times.
    words = shlex.join(("timeout", "-k", "5", "60", *CHAINED, "mutt", "-n", "-F", "rc"))
    fetch(MUTTRC, "script", "-qec", f"TERM=xterm {words}", "/dev/null")
    _, _, stored = (tmp_path / "copy.mbox").read_bytes().partition(b"\n")
    check(stored.rstrip(b"\n").replace(b"\n", b"\r\n"), letter.raw, letter.gone)
