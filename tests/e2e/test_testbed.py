"""The fixtures themselves: each component answers the way the other tests rely on."""

import ssl
import urllib.request

import pytest
from testbed.authority import Authority
from testbed.dovecot import Account
from testbed.imap import fetch_all, logged_in
from testbed.processes import SECONDS, ProgramError, run_to_end
from testbed.roundcube import Roundcube
from testbed.tracker import Website

pytestmark = pytest.mark.e2e


def test_a_delivered_mail_is_there(account: Account) -> None:
    account.deliver(b"From: a@b.test\r\nTo: c@d.test\r\nSubject: first\r\n\r\nHello\r\n")
    with logged_in(account) as client:
        (mail,) = fetch_all(client)
    assert mail.raw.endswith(b"Subject: first\r\n\r\nHello\r\n")
    assert mail.size == len(mail.raw)


def test_the_tracker_remembers_a_hit(authority: Authority, tracker: Website) -> None:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    trust.check_hostname = False
    url = f"https://127.0.0.1:{tracker.https_port}/open?u=1"
    with urllib.request.urlopen(url, context=trust, timeout=SECONDS) as response:
        assert response.read().startswith(b"GIF89a")
    assert tracker.visits.paths() == ["/open?u=1"]
    assert tracker.visits.connections == 1


def test_the_webmail_shows_its_login(authority: Authority, roundcube: Roundcube) -> None:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    trust.check_hostname = False
    with urllib.request.urlopen(
        f"https://127.0.0.1:{roundcube.port}/", context=trust, timeout=SECONDS
    ) as response:
        assert b"rcmloginuser" in response.read()


def test_a_program_that_fails_tells_what_it_said_and_leaves_nothing_behind() -> None:
    with pytest.raises(ProgramError, match="ended with 3: b'first\\\\n' b'then\\\\n'"):
        run_to_end(["sh", "-c", "sleep 600 & echo first; echo then >&2; exit 3"])


def test_a_program_is_lent_a_terminal() -> None:
    assert run_to_end(["tty"], terminal=True).stdout.startswith(b"/dev/pts/")
