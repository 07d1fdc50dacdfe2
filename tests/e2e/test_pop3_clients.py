"""Dovecot -> `bothways run` -> programs that fetch mail over POP3."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from testbed.bothways import Bothways, eventually
from testbed.dovecot import Account
from testbed.extension import copy_extension
from testbed.letters import (
    Letter,
    attachments,
    mail_with_attachment,
    mail_with_click,
    shown_texts,
)
from testbed.processes import HOST, run_to_end
from testbed.thunderbird import run_thunderbird
from testbed.thunderbird_profile import over_pop3
from testbed.tracker import Website

pytestmark = pytest.mark.e2e

FETCHMAILRC = """
set no bouncemail
poll {host} service {port} protocol pop3 {options}
  user "{user}" password "{password}" sslproto "" {keep}
  mda "{script} {folder}"
"""
MDA = """#!/bin/sh
exec cat >"$(mktemp "$1/XXXXXX.eml")"
"""


@pytest.fixture
def fetchmail(
    account: Account, reading: Bothways, tmp_path: Path, require_debian: Callable[..., None]
) -> Callable[..., list[bytes]]:
    """Give `fetchmail(options="", keep="nokeep")`: one poll's mails, with what fetchmail said in its log."""
    require_debian("fetchmail")
    script, folder, settings = tmp_path / "mda", tmp_path / "mails", tmp_path / "fetchmailrc"
    folder.mkdir()
    script.write_text(MDA)
    script.chmod(0o700)

    def poll(options: str = "", keep: str = "nokeep") -> list[bytes]:
        names = {"user": account.user, "password": account.password, "options": options, "keep": keep}
        port = reading.ports["pop3"]
        settings.write_text(FETCHMAILRC.format(host=HOST, port=port, script=script, folder=folder, **names))
        settings.chmod(0o600)
        command = ["fetchmail", "-f", settings, "--pidfile", tmp_path / "pid", "-i", tmp_path / "ids", "-v"]
        said = run_to_end([*command, "--nosyslog"], check=False)
        assert said.returncode in {0, 1}, said  # 1 says that there was no mail
        assert b"mismatch" not in said.stdout + said.stderr
        stored = sorted(folder.glob("*.eml"))
        mails = [path.read_bytes().replace(b"\n", b"\r\n") for path in stored]
        for path in stored:
            path.unlink()
        return mails

    return poll


def compare(mails: list[bytes], letters: list[Letter]) -> None:
    assert len(mails) == len(letters)
    for mail in mails:
        (letter,) = [letter for letter in letters if letter.message_id.encode() in mail]
        assert not any(url in shown_texts(mail) for url in letter.gone), letter.name
        assert attachments(mail) == attachments(letter.raw), letter.name


def test_fetchmail_takes_a_mail_away_and_the_ledger_has_it(
    account: Account, reading: Bothways, fetchmail: Callable[..., list[bytes]]
) -> None:
    letter = mail_with_click("fetchmail")
    account.deliver(letter.raw)
    compare(fetchmail(), [letter])
    (message,) = eventually(partial(reading.pair().messages, f"mid:{letter.message_id}"))
    assert message["route"] == "pop3"
    assert fetchmail("", "fetchall keep") == []


def test_fetchmail_that_leaves_mail_on_the_server_asks_by_top(
    account: Account, fetchmail: Callable[..., list[bytes]]
) -> None:
    letters = [mail_with_click("kept"), mail_with_attachment("large", 5_000_000)]
    account.deliver(*(letter.raw for letter in letters))
    compare(fetchmail("uidl", "keep"), letters)
    assert fetchmail("uidl", "keep") == []
    compare(fetchmail("uidl", "fetchall keep"), letters)


def test_curl_gets_a_mail_its_size_and_its_head(
    account: Account, reading: Bothways, require_debian: Callable[..., None]
) -> None:
    require_debian("curl")
    letter = mail_with_click("curl-pop3")
    account.deliver(letter.raw)
    place = f"pop3://{HOST}:{reading.ports['pop3']}/"
    command = ["curl", "--silent", "--show-error", "--user", f"{account.user}:{account.password}"]
    listed = run_to_end([*command, place]).stdout.split()
    mail = run_to_end([*command, place + "1"]).stdout
    head = run_to_end([*command, "--request", "TOP 1 0", place]).stdout
    assert (listed, letter.gone[0] in shown_texts(mail)) == ([b"1", b"%d" % len(mail)], False)
    assert mail.startswith(head.rstrip(b"\r\n"))


def test_thunderbird_shows_a_mail_without_its_tracker(
    account: Account,
    reading: Bothways,
    tracker: Website,
    tmp_path: Path,
    require_debian: Callable[..., None],
) -> None:
    require_debian("thunderbird", "libnss3-tools", "xvfb", "openbox")
    letters = [mail_with_click("thunderbird-pop3"), mail_with_attachment("large", 5_000_000)]
    account.deliver(*(letter.raw for letter in letters))
    (home := tmp_path / "home").mkdir()
    with run_thunderbird(
        home,
        account,
        imap_port=0,
        proxy_port=reading.ports["http"],
        trusted=[account.authority],
        extension=copy_extension(tmp_path / "extension", reading.api),
        preferences=over_pop3(home, reading.ports["pop3"]),
    ) as thunderbird:
        shown = thunderbird.show("Your invitation")
    stored = (home / "Mail/reader/Inbox").read_text(errors="replace")
    for letter in letters:
        assert letter.message_id in stored
        assert not any(url in shown.html or url in stored for url in letter.gone)
    assert tracker.visits.connections == 0
