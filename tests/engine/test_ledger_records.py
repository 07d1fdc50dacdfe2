"""The one spelling of an alias."""

from datetime import UTC, datetime

import pytest
from bothways.ledger.records import (
    MAX_ALIAS,
    Refetch,
    alias_strength,
    canonical_alias,
    imap_alias,
    mid_alias,
    sha256_alias,
    web_alias,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("alias", "wanted"),
    [
        (mid_alias("<a/b%c@x.example>"), "mid:<a/b%c@x.example>"),
        (canonical_alias("mid:<a%2Fb%25c@x.example>"), "mid:<a/b%c@x.example>"),
        (imap_alias("buyer", "INBOX/Offers", 7, 12), "imap:buyer/INBOX%2FOffers/7/12"),
        (canonical_alias("imap:buyer/Sent%20Items/7/12"), "imap:buyer/Sent Items/7/12"),
        (canonical_alias("imap:buyer/INBOX%2fOffers/7/12"), "imap:buyer/INBOX%2FOffers/7/12"),
        (web_alias("mail.example", "", "100%", "5"), "web:mail.example/-/100%25/5"),
        (sha256_alias("AB" * 32), "sha256:" + "ab" * 32),
    ],
)
def test_an_alias_has_one_spelling(alias, wanted):
    assert alias == wanted


@given(st.text())
def test_any_text_becomes_an_alias_that_a_database_takes(text):
    alias = canonical_alias(f"mid:{text}")
    assert len(alias.encode()) <= MAX_ALIAS
    assert "\0" not in alias


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=3, max_size=3
    )
)
def test_a_place_is_spelt_the_same_however_often_it_is_brought_to_form(pieces):
    alias = web_alias("h", *pieces)
    assert canonical_alias(alias) == alias or alias != alias.strip()
    assert alias.count("/") == 3


def test_two_long_aliases_stay_two():
    one, two = (mid_alias("<" + "é" * 2000 + end) for end in ("1>", "2>"))
    assert one != two
    assert len(one.encode()) <= MAX_ALIAS


def test_a_place_proves_more_than_a_message_id():
    names = ["mid:<1@x>", "sha256:ab", "web:h/-/INBOX/5", "imap:a/b/1/2", "what:ever"]
    assert [alias_strength(name) for name in names] == [1, 3, 2, 3, 0]


def test_the_mail_programs_that_fetched_a_message_are_named_once(ledger, make_record):
    for client in ("mutt 2.2", "", "Thunderbird 140.1", "mutt 2.2"):
        ledger.record(make_record(aliases=("imap:buyer/INBOX/7/1",), client=client))
    (message,) = ledger.find_messages(["imap:buyer/INBOX/7/1"])
    assert message.clients == ("Thunderbird 140.1", "mutt 2.2")
    assert message.fetched == 4


def test_many_fetches_of_known_messages_are_counted_at_once(ledger, make_record):
    first, later = datetime(2026, 5, 4, 12, 0, tzinfo=UTC), datetime(2026, 5, 4, 13, 0, tzinfo=UTC)
    places = [f"imap:buyer/INBOX/7/{uid}" for uid in (1, 2)]
    known = [make_record(aliases=(place,), at=first) for place in places]
    again = [Refetch(place, later, "imap", "mutt") for place in (*places, "imap:buyer/INBOX/7/3", places[0])]
    ids = ledger.record_all([*known, *again])
    assert ids[2:] == [ids[0], ids[1], "", ids[0]]
    (message,) = ledger.find_messages([places[0]])
    assert (message.fetched, message.clients, message.last_seen) == (3, ("mutt",), later)
