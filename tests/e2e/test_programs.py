"""Dovecot -> Bothways, by both routes -> every program that fetches a whole inbox."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from testbed import programs
from testbed.bothways import Bothways, StartBothways
from testbed.dovecot import Account, Dovecot
from testbed.forwarder import forwarding
from testbed.letters import Letter, all_letters, attachments, mail_with_attachment, shown_texts
from testbed.processes import HOST
from testbed.programs import Way
from testbed.tracker import Website

pytestmark = pytest.mark.e2e

NAME = "localhost"
"""The server's name: what knows no SOCKS5 is led to it by a port of the loopback, which has this name too."""
PACKAGES = {
    programs.mbsync: "isync",
    programs.offlineimap: "offlineimap3",
    programs.mutt: "mutt",
    programs.fetchmail_imap: "fetchmail",
    programs.fetchmail_pop3: "fetchmail",
    programs.curl: "curl",
    programs.imapclient: None,
}


@pytest.fixture(scope="module")
def bothways(start_bothways: StartBothways, dovecot: Dovecot) -> Iterator[Bothways]:
    """Give a Bothways that stands before the Dovecot by both routes."""
    places = ((993, dovecot.port), (995, dovecot.pop3_port))
    options = [word for port, here in places for word in ("--resolve", f"{NAME}:{port}:{HOST}:{here}")]
    servers = {"imap": [f"{NAME}:{dovecot.port}"], "pop3": [f"{NAME}:{dovecot.pop3_port}"]}
    with start_bothways("--mail-host", NAME, "--socks", f"{HOST}:0", *options, **servers) as running:
        yield running


@pytest.fixture(scope="module", params=["on the loopback", "by its name"])
def way(request: pytest.FixtureRequest, bothways: Bothways) -> Iterator[Way]:
    """Give each of the two routes to the server."""
    if request.param == "on the loopback":
        yield Way(HOST, bothways.ports["imap"], bothways.ports["pop3"])
        return
    socks = bothways.ports["socks"]
    with forwarding(socks, NAME, 993) as imap, forwarding(socks, NAME, 995) as pop3:
        yield Way(NAME, imap, pop3, bothways.authority)


@pytest.mark.parametrize("program", PACKAGES, ids=lambda program: program.__name__)
def test_a_program_gets_every_mail_without_trackers(
    program: Callable[[Way, Account, Path], list[bytes]],
    way: Way,
    account: Account,
    dovecot: Dovecot,
    bothways: Bothways,
    tracker: Website,
    tmp_path: Path,
    require_debian: Callable[..., None],
    long: bool,
) -> None:
    if package := PACKAGES[program]:
        require_debian(package)
    sent = list(all_letters(program.__name__))
    if long:
        sent.append(mail_with_attachment(f"{program.__name__}-film", 37_000_000))
    letters = {letter.message_id: letter for letter in sent}
    account.deliver(*(letter.raw for letter in letters.values()))
    mails = {message_id(mail): mail for mail in program(way, account, tmp_path)}
    assert mails.keys() == letters.keys()
    for name, mail in mails.items():
        check(letters[name], mail)
    assert tracker.visits.connections == 0
    assert complaints(dovecot.folder / "dovecot.log", account) == []
    assert complaints(bothways.log) == []


def check(letter: Letter, mail: bytes) -> None:
    """Compare a mail as a program has it with the one that was sent."""
    assert not any(url in shown_texts(mail) for url in letter.gone), letter.name
    assert attachments(mail) == attachments(letter.raw), letter.name


def message_id(mail: bytes) -> str:
    """Give the Message-ID of a stored mail."""
    found = re.search(rb"^message-id: *(\S+)", mail, re.IGNORECASE | re.MULTILINE)
    assert found, mail[:500]
    return found[1].decode()


def complaints(log: Path, account: Account | None = None) -> list[str]:
    """Give the lines of a log that speak of errors, of one account where a server has many."""
    bad = re.compile(r"error|warn|panic|fatal|traceback|exception", re.IGNORECASE)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if bad.search(line) and (account is None or account.user in line)]
