"""Dovecot -> Bothways, by both routes -> a day's work in Thunderbird, its large mails read in windows."""

import mailbox
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from testbed.bothways import Bothways, StartBothways
from testbed.dovecot import Account, Dovecot
from testbed.extension import copy_extension
from testbed.imap import fetch_all, logged_in
from testbed.letters import (
    SEND,
    Letter,
    attachments,
    mail_with_attachment,
    mandrill_open,
    selling_mail,
    shown_texts,
)
from testbed.processes import HOST
from testbed.thunderbird import FUNCTIONS, Thunderbird, run_thunderbird
from testbed.thunderbird_profile import through_socks
from testbed.tracker import Website

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

NAME = "mail.test"
WORK = Path(__file__).with_name("testbed").joinpath("thunderbird_work.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def bothways(
    start_bothways: StartBothways, dovecot: Dovecot, _tracker: Website, _shop: Website
) -> Iterator[Bothways]:
    """Give a Bothways that stands before the Dovecot by both routes."""
    places = [(NAME, 993, dovecot.port)]
    for site in (_tracker, _shop):
        places += [(host, 443, site.https_port) for host in site.hosts]
        places += [(host, 80, site.http_port) for host in site.hosts]
    there = [word for host, port, here in places for word in ("--resolve", f"{host}:{port}:{HOST}:{here}")]
    options = ("--mail-host", NAME, "--socks", f"{HOST}:0", *there)
    with start_bothways(*options, imap=[f"localhost:{dovecot.port}"]) as running:
        yield running


def small(name: str) -> Letter:
    """Write a small tracked mail; its subject is "Something new: " and the name."""
    return selling_mail(
        name,
        encoding="quoted-printable",
        charset="utf-8",
        words=f"Only in {name}.",
        pixel=mandrill_open(SEND),
    )


@pytest.fixture
def letters(account: Account, long: bool) -> dict[str, Letter]:
    """Deliver mails; the large one is read in windows."""
    large = mail_with_attachment("large", 37_000_000 if long else 3_700_000)
    letters = {letter.name: letter for letter in (small("read"), small("moved"), small("deleted"), large)}
    account.deliver(*(letter.raw for letter in letters.values()))
    return letters


@pytest.fixture(params=["on the loopback", "by its name"])
def thunderbird(
    request: pytest.FixtureRequest,
    bothways: Bothways,
    account: Account,
    letters: dict[str, Letter],
    tmp_path: Path,
    require_debian: Callable[..., None],
) -> Iterator[Thunderbird]:
    """Give a Thunderbird that reaches its account by each of the two routes."""
    require_debian("thunderbird", "libnss3-tools", "xvfb", "openbox")
    by_name = request.param == "by its name"
    (home := tmp_path / "home").mkdir()
    with run_thunderbird(
        home,
        account,
        imap_port=bothways.ports["imap"],
        proxy_port=bothways.ports["http"],
        trusted=[account.authority, bothways.authority],
        extension=copy_extension(tmp_path / "extension", bothways.api),
        preferences=through_socks(bothways.ports["socks"], NAME) if by_name else None,
    ) as running:
        yield running


def test_a_day_in_thunderbird(
    thunderbird: Thunderbird,
    letters: dict[str, Letter],
    account: Account,
    dovecot: Dovecot,
    bothways: Bothways,
    tracker: Website,
) -> None:
    check_shown(thunderbird, "Something new: read", letters["read"])
    check_shown(thunderbird, "The offer, attached", letters["large"])
    work(thunderbird, "moveToTrash", "Something new: moved")
    work(thunderbird, "deleteMessage", "Something new: deleted")
    assert work(thunderbird, "searchServer", "Only in read") == ["Something new: read"]
    pushed = small("pushed")
    account.deliver(pushed.raw)
    work(thunderbird, "waitForSubject", "Inbox", "Something new: pushed")
    check_stored(Path(work(thunderbird, "downloadAll")), [letters["read"], letters["large"], pushed])
    assert work(thunderbird, "complaints") == []
    assert mails_at_the_server(account) == {"INBOX": 3, "Trash": 2}
    assert tracker.visits.connections == 0
    assert complaints(dovecot.folder / "dovecot.log", account.user) == []
    assert complaints(bothways.log) == []


def work(thunderbird: Thunderbird, function: str, *arguments: str) -> Any:
    """Call a function of thunderbird_work.js."""
    return thunderbird.session.run(f"{FUNCTIONS}\n{WORK}\nreturn await {function}(...args);", *arguments)


def check_shown(thunderbird: Thunderbird, subject: str, letter: Letter) -> None:
    """Open a mail and see that no tracker is in it."""
    shown = thunderbird.show(subject)
    assert "Look at the new things" in shown.html
    assert not any(url in shown.html for url in letter.gone)


def check_stored(file: Path, letters: list[Letter]) -> None:
    """Compare what is stored for times without a connection with what was sent."""
    box = mailbox.mbox(file, create=False)
    stored = {box.get_message(key)["Message-ID"]: box.get_bytes(key) for key in box.keys()}  # noqa: SIM118
    box.close()
    for letter in letters:
        mail = stored[letter.message_id]
        assert not any(url in shown_texts(mail) for url in letter.gone), letter.name
        assert attachments(mail) == attachments(letter.raw), letter.name


def mails_at_the_server(account: Account) -> dict[str, int]:
    """Count the mails in two mailboxes, at the server itself."""
    with logged_in(account) as client:
        return {name: len(fetch_all(client, name)) for name in ("INBOX", "Trash")}


def complaints(log: Path, word: str = "") -> list[str]:
    """Give the lines of a log that hold a word and speak of errors."""
    bad = re.compile(r"error|warn|panic|fatal|traceback|exception", re.IGNORECASE)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if bad.search(line) and word in line]
