"""Header fields: folding, encoded words, addresses, dates, parameters, and hostile values of each."""

from datetime import UTC, datetime

import pytest
from bothways.message.headers import read_parameters, read_token
from bothways.message.mime import split
from bothways.message.words import decode_words, read_addresses, read_mailbox


def test_fields_are_spans_with_their_folds_and_breaks():
    raw = b"Subject: one\r\n two\r\nbroken line\r\nX-Empty:\r\nTo : a@b\r\n\r\nbody"
    headers = split(raw).headers
    assert [header.name for header in headers] == ["Subject", "", "X-Empty", "To"]
    assert raw[headers[0].start : headers[0].end] == b"Subject: one\r\n two\r\n"
    assert raw[headers[3].value_start : headers[3].end] == b"a@b\r\n"


def test_values_are_unfolded_and_decoded():
    message = split(b"SUBJECT: =?utf-8?q?gr=C3=BC=C3=9Fe?=\n\t=?utf-8?b?w6Q=?= x\nsubject: second\n\n")
    assert message.header("Subject") == "grüßeä x"
    assert message.header_all("subject") == ["grüßeä x", "second"]
    assert message.header("X-None") is None


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("plain", "plain"),
        ("=?iso-8859-1?Q?a_b=E9?=", "a bé"),
        ("a =?utf-8?b?w6Q?= b", "a ä b"),
        ("=?utf-8?b?w?=  =?utf-8?b?6Q=?=", "é"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
        ("=?utf-8*en?q?x?=", "x"),
        ("=?nonsense?q?x=C3=A4?=", "xä"),
        ("=?utf-8?x?y?=", "=?utf-8?x?y?="),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("=?utf-8?q?=FF?=", "ÿ"),
    ],
)
def test_encoded_words(text, decoded):
    assert decode_words(text) == decoded


@pytest.mark.parametrize(
    ("value", "mailbox"),
    [
        ("a@b.example", ("a@b.example", "")),
        ("Ann <a@b.example>", ("a@b.example", "Ann")),
        ('"Ann \\"B\\" C" <a@b.example>, d@e', ("a@b.example", 'Ann "B" C')),
        ("=?utf-8?q?=C3=A4?= <a@b.example>", ("a@b.example", "ä")),
        ("a@b.example (Ann)", ("a@b.example", "")),
        ("nobody", ("", "")),
        ("", ("", "")),
    ],
)
def test_mailboxes(value, mailbox):
    assert read_mailbox(value) == mailbox


def test_addresses_are_listed_once():
    assert read_addresses('A <a@x>, "b, c" <b@x>; a@x, @, x@') == ("a@x", "b@x")


def test_a_message_says_who_when_and_what():
    message = split(
        b"Message-ID:\r\n <1@x>\r\nFrom: Ann <a@x>\r\nTo: t@x\r\nDelivered-To: d@x\r\nX-Original-To: o@x\r\n"
        b"Date: Tue, 3 Feb 2026 10:00:00 +0200\r\nDKIM-Signature: v=1\r\n\r\n"
    )
    assert (message.message_id, message.sender, message.sender_name) == ("<1@x>", "a@x", "Ann")
    assert message.recipients == ("d@x", "o@x")
    assert message.date == datetime(2026, 2, 3, 8, tzinfo=UTC)
    assert message.transport_signed


def test_a_bare_message_says_nothing():
    message = split(b"\n\n")
    assert (message.message_id, message.sender, message.subject, message.date) == (None, "", "", None)
    assert message.recipients == ()
    assert not message.transport_signed


@pytest.mark.parametrize(
    "value", ["", "never", "Tue, 99 Foo 2026", "1 Jan 99999 00:00", "Mon, 1 Jan 2024 25:61:00 +9999"]
)
def test_a_date_that_is_none_is_none(value):
    assert split(f"Date: {value}\n\n".encode()).date is None


def test_a_date_without_a_zone_is_utc():
    assert split(b"Date: 3 Feb 2026 10:00:00\n\n").date == datetime(2026, 2, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "parameters"),
    [
        ("text/html; charset=utf-8", {"charset": "utf-8"}),
        ('t/h; a="x;y\\"z" ; B = c', {"a": 'x;y"z', "b": "c"}),
        ("t/h; a=1; a=2", {"a": "1"}),
        ('t/h; a="open', {"a": "open"}),
        ("t/h; a*=iso-8859-1'en'%E9", {"a": "é"}),
        ("t/h; a*0=x; a*1*=%C3%A4; a*3=lost", {"a": "xä"}),
        ("t/h; a; =b; c=", {"c": ""}),
    ],
)
def test_parameters(value, parameters):
    assert read_parameters(value) == parameters


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (" Base64 ", "base64"),
        ("(c) 7bit (d)", "7bit"),
        ('"8bit"', "8bit"),
        ("attachment; x=y", "attachment"),
        ("", ""),
    ],
)
def test_tokens(value, token):
    assert read_token(value) == token


@pytest.mark.parametrize(
    "junk", ["<" * 60_000, "(" * 60_000, "a" * 60_000, "=?" * 30_000, "=?a?q?" * 10_000, "a@" * 30_000]
)
def test_hostile_values_are_read_without_harm(junk):
    message = split(f"From: {junk}\nTo: {junk}\nSubject: {junk}\nDate: {junk}\n\n".encode())
    assert message.date is None
    assert len(message.subject) <= 60_000
    assert len(message.sender) <= 60_000
    assert len(message.recipients) <= 1
