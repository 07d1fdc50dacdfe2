"""Other clients than imaplib, and the commands that must pass as they are."""

import imaplib
from collections.abc import Callable

import pytest
from testbed.bothways import Bothways
from testbed.dovecot import Account
from testbed.imap import fetch_all, logged_in
from testbed.letters import mail_with_click, shown_texts
from testbed.processes import HOST, SECONDS, run_to_end

pytestmark = pytest.mark.e2e


def test_curl_gets_what_imaplib_gets(
    account: Account, reading: Bothways, require_debian: Callable[..., None]
) -> None:
    require_debian("curl")
    account.deliver(mail_with_click("curl").raw)
    port = reading.ports["imap"]
    command = ["curl", "--silent", "--show-error", "--user", f"{account.user}:{account.password}"]
    got = run_to_end([*command, f"imap://{HOST}:{port}/INBOX;MAILINDEX=1"])
    with logged_in(account, port) as client:
        (mail,) = fetch_all(client)
    assert got.stdout == mail.raw
    assert b"/track/open.php" not in got.stdout


def test_a_draft_stays_as_it_was_written(account: Account, reading: Bothways) -> None:
    draft = mail_with_click("draft").raw
    with logged_in(account, reading.ports["imap"]) as client:
        assert client.append("Drafts", "(\\Draft)", "", draft)[0] == "OK"
        (mail,) = fetch_all(client, "Drafts")
    assert mail.raw == draft


def test_an_appended_mail_reaches_the_server_unchanged(account: Account, reading: Bothways) -> None:
    letter = mail_with_click("appended")
    with logged_in(account, reading.ports["imap"]) as client:
        assert client.append("INBOX", "", "", letter.raw)[0] == "OK"
        (through,) = fetch_all(client)
    with logged_in(account) as client:
        (stored,) = fetch_all(client)
    assert stored.raw == letter.raw
    assert not any(url in shown_texts(through.raw) for url in letter.gone)


def test_search_flags_and_move_pass(account: Account, reading: Bothways) -> None:
    account.deliver(*(mail_with_click(f"move{number}").raw for number in range(3)))
    with logged_in(account, reading.ports["imap"]) as client:
        assert client.select("INBOX") == ("OK", [b"3"])
        assert client.uid("SEARCH", "SUBJECT", "invitation") == ("OK", [b"1 2 3"])
        assert b"\\Flagged" in client.store("2", "+FLAGS", "(\\Flagged)")[1][0]
        assert client.uid("MOVE", "2", "Trash")[0] == "OK"
        assert client.uid("SEARCH", "ALL") == ("OK", [b"1 3"])
        (moved,) = fetch_all(client, "Trash")
    assert b"Message-ID: <move1@vendor.test>" in moved.raw
    assert b"/track/open.php" not in moved.raw


def test_idle_tells_of_new_mail(account: Account, reading: Bothways) -> None:
    with logged_in(account, reading.ports["imap"]) as client:
        client.select("INBOX")
        client.send(b"w1 IDLE\r\n")
        assert client.readline().startswith(b"+ ")
        account.deliver(mail_with_click("idle").raw)
        assert client.readline() == b"* 1 EXISTS\r\n"
        client.send(b"DONE\r\n")
        while not (line := client.readline()).startswith(b"w1 "):
            pass
        assert line.startswith(b"w1 OK")
        assert len(fetch_all(client)) == 1


def test_what_bothways_could_not_read_is_not_offered(account: Account, reading: Bothways) -> None:
    with logged_in(account, reading.ports["imap"]) as client:
        offered = set(client.capability()[1][0].decode().split())
    assert "IMAP4rev1" in offered
    assert not any(name.startswith(("COMPRESS", "STARTTLS", "BINARY")) for name in offered)


def test_a_wrong_password_is_refused_by_the_server(account: Account, reading: Bothways) -> None:
    client = imaplib.IMAP4(HOST, reading.ports["imap"], timeout=SECONDS)
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        client.login(account.user, "wrong")
    client.logout()
