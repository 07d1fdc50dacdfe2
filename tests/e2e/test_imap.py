"""Dovecot -> `bothways run` -> the clients that people read mail with."""

from functools import partial

import pytest
from testbed.bothways import Bothways, eventually
from testbed.dovecot import Account, Dovecot
from testbed.imap import Fetched, fetch_all, logged_in
from testbed.letters import LANDING, Letter, all_letters, attachments, shown_texts, words_shown

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def letters() -> list[Letter]:
    """Give one mail of each kind."""
    return list(all_letters("imap"))


@pytest.fixture(scope="module")
def filled(dovecot: Dovecot, letters: list[Letter]) -> Account:
    """Give an account that holds every letter, in order, seen by no client yet."""
    account = dovecot.new_account()
    account.deliver(*(letter.raw for letter in letters))
    return account


@pytest.fixture(scope="module")
def originals(filled: Account) -> list[Fetched]:
    """Give the mails as the server has them."""
    with logged_in(filled) as client:
        return fetch_all(client)


@pytest.fixture(scope="module")
def cleaned(filled: Account, reading: Bothways) -> list[Fetched]:
    """Give the same mails, fetched through Bothways."""
    with logged_in(filled, reading.ports["imap"]) as client:
        return fetch_all(client)


def test_sizes_are_what_the_server_says(cleaned: list[Fetched], originals: list[Fetched]) -> None:
    assert [len(mail.raw) for mail in cleaned] == [mail.size for mail in cleaned]
    assert [mail.size for mail in cleaned] == [mail.size for mail in originals]
    assert [mail.raw.count(b"\n") for mail in cleaned] == [mail.raw.count(b"\n") for mail in originals]


def test_trackers_are_gone(letters: list[Letter], originals: list[Fetched], cleaned: list[Fetched]) -> None:
    for letter, original, mail in zip(letters, originals, cleaned, strict=True):
        for url in letter.gone:
            assert url in shown_texts(original.raw)
            assert url not in shown_texts(mail.raw), letter.name


def test_the_rest_of_the_text_stays(
    letters: list[Letter], originals: list[Fetched], cleaned: list[Fetched]
) -> None:
    for letter, original, mail in zip(letters, originals, cleaned, strict=True):
        assert words_shown(mail.raw) == words_shown(original.raw), letter.name


def test_a_wrapped_link_leads_straight(letters: list[Letter], cleaned: list[Fetched]) -> None:
    (mail,) = [mail for letter, mail in zip(letters, cleaned, strict=True) if letter.name.endswith("-click")]
    assert f'href="{LANDING}"' in shown_texts(mail.raw)


def test_attachments_are_identical(originals: list[Fetched], cleaned: list[Fetched]) -> None:
    for original, mail in zip(originals, cleaned, strict=True):
        assert attachments(original.raw) == attachments(mail.raw)


def test_signed_and_clean_mail_is_identical(
    letters: list[Letter], originals: list[Fetched], cleaned: list[Fetched]
) -> None:
    untouched = [number for number, letter in enumerate(letters) if not letter.gone]
    assert len(untouched) == 2
    for number in untouched:
        assert originals[number] == cleaned[number]


def test_the_ledger_has_every_mail(letters: list[Letter], cleaned: list[Fetched], reading: Bothways) -> None:
    reader = reading.pair()
    for letter in letters:
        (message,) = eventually(partial(reader.messages, f"mid:{letter.message_id}"))
        actions = {finding["action"] for finding in message["findings"]}
        assert ("blocked" in actions) == bool(letter.gone), letter.name
    (signed,) = reader.messages("mid:<imap-signed@vendor.test>")
    assert [(f["action"], f["why_seen"]) for f in signed["findings"]] == [("seen", "signed")]
