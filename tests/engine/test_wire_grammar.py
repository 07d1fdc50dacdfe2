"""The words of IMAP, one line at a time."""

import base64

import pytest
from bothways.wire.events import SpecialUse
from bothways.wire.imap_grammar import (
    Literal,
    announced_literal,
    hide_capabilities,
    listed_mailbox,
    mailbox_name,
    refused_as,
    split_command,
    use_by_name,
)
from bothways.wire.sasl import account_name


@pytest.mark.parametrize(
    ("line", "literal"),
    [
        (b"* 1 FETCH (BODY[] {12}\r\n", Literal(12, True)),
        (b"a APPEND x ~{12+}\r\n", Literal(12, False)),
        (b"a APPEND x {0}\n", Literal(0, True)),
        (b'* LIST () "/" "{3}"\r\n', None),
        (b"a x {}\r\n", None),
        (b"a x {1234567890123456789}\r\n", None),
        (b"a x {1} \r\n", None),
    ],
)
def test_literals_are_announced_at_the_end_of_a_line(line: bytes, literal: Literal | None) -> None:
    assert announced_literal(line) == literal


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (b"a1 uid Fetch 1 BODY[]\r\n", (b"a1", "UID FETCH", b"1 BODY[]\r\n")),
        (b"a1 NOOP\r\n", (b"a1", "NOOP", b"\r\n")),
        (b"just\r\n", (b"just", "", b"")),
        (b"\r\n", (b"", "", b"")),
    ],
)
def test_commands_are_cut_into_tag_name_and_rest(line: bytes, parts: tuple[bytes, str, bytes]) -> None:
    assert split_command(line) == parts


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"* CAPABILITY IMAP4rev1 STARTTLS IDLE\r\n", b"* CAPABILITY IMAP4rev1 IDLE\r\n"),
        (b"a OK [capability X COMPRESS=DEFLATE BINARY] in\r\n", b"a OK [CAPABILITY X] in\r\n"),
        (b"* CAPABILITY IMAP4rev1 IMAP4rev2\r\n", b"* CAPABILITY IMAP4rev1\r\n"),
        (
            b"* CAPABILITY IMAP4rev2 AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-1\n",
            b"* CAPABILITY IMAP4rev2 AUTH=SCRAM-SHA-1\n",
        ),
        (b"* CAPABILITY IMAP4rev1  IDLE\r\n", b"* CAPABILITY IMAP4rev1  IDLE\r\n"),
        (b"* OK STARTTLS is great\r\n", b"* OK STARTTLS is great\r\n"),
    ],
)
def test_capabilities_that_hide_mail_are_hidden(before: bytes, after: bytes) -> None:
    assert hide_capabilities(before) == after


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"inbox", "INBOX"),
        (b"Entw&APw-rfe", "Entwürfe"),
        (b"R&-D", "R&D"),
        (b"R&D-x", "R&D-x"),
        ("Entwürfe".encode(), "Entwürfe"),
        (b"&bad!-", "&bad!-"),
        (b"\xff", "\ufffd"),
    ],
)
def test_mailbox_names_are_decoded(octets: bytes, name: str) -> None:
    assert mailbox_name(octets) == name


@pytest.mark.parametrize(
    ("response", "listed"),
    [
        (b'* LIST (\\Drafts) "/" Unsent\r\n', ("Unsent", SpecialUse.DRAFTS)),
        (b'* LIST (\\HasNoChildren \\sent) NIL "Se\\"nt"\r\n', ('Se"nt', SpecialUse.SENT)),
        (b'* LSUB () "." {3}\r\na b\r\n', ("a b", SpecialUse.NONE)),
        (b"* LIST nonsense\r\n", None),
    ],
)
def test_list_tells_what_a_mailbox_is_for(response: bytes, listed: object) -> None:
    assert listed_mailbox(response) == listed


def test_names_tell_it_where_list_does_not() -> None:
    assert use_by_name("INBOX.Drafts") is SpecialUse.DRAFTS
    assert use_by_name("[Gmail]/Sent Mail") is SpecialUse.SENT
    assert use_by_name("Projects/Drafts of 2024") is SpecialUse.NONE


def test_only_binary_items_make_a_fetch_refused() -> None:
    assert refused_as("FETCH", b"1 (BINARY.SIZE[1])\r\n") == "FETCH BINARY"
    assert refused_as("FETCH", b"1 BODY[HEADER.FIELDS (BINARY)]\r\n") is None
    assert refused_as("AUTHENTICATE", b"SCRAM-SHA-256\r\n") is None


@pytest.mark.parametrize(
    ("mechanism", "plain", "name"),
    [
        ("plain", b"\0buyer\0secret", "buyer"),
        ("PLAIN", b"boss\0buyer\0secret", "boss"),
        ("LOGIN", b"buyer", "buyer"),
        ("CRAM-MD5", b"the buyer 0123abcd", "the buyer"),
        ("XOAUTH2", b"user=b@mail.test\x01auth=Bearer t\x01\x01", "b@mail.test"),
        ("OAUTHBEARER", b"n,a=b@mail.test,\x01auth=Bearer t\x01\x01", "b@mail.test"),
        ("SCRAM-SHA-256", b"n,,n=b=2Cc,r=abc", "b,c"),
        ("GSSAPI", b"\x60\x82", None),
        ("PLAIN", b"", None),
    ],
)
def test_sasl_names_the_account(mechanism: str, plain: bytes, name: str | None) -> None:
    assert account_name(mechanism, base64.b64encode(plain)) == name


def test_what_is_not_base64_names_nobody() -> None:
    assert account_name("PLAIN", b"!!!") is None
    assert account_name("PLAIN", b"QUJD" * 10000) is None
