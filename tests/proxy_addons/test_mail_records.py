"""Where the header of a mail ends, for what the ledger keeps of it."""

import pytest
from bothways_proxy.mail_records import read_head


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: one\r\nFrom: a@b.test\r\n\r\nSubject: two\r\n\r\nx\n\ny",
        b"Subject: one\nFrom: a@b.test\n\nSubject: two\r\n\r\nx",
        b"Subject: one\r\nFrom: a@b.test\n\nSubject: two\r\n\r\nx",
        b"From: a@b.test\r\nSubject: one",
    ],
)
def test_a_head_ends_at_the_first_empty_line(raw: bytes) -> None:
    head = read_head(raw)
    assert head.header_all("subject") == ["one"]
    assert head.sender == "a@b.test"
    assert b"two" not in head.raw


def test_a_head_without_end_is_cut_off() -> None:
    head = read_head(b"Subject: one\r\n" + b"X: y\r\n" * 100_000)
    assert len(head.raw) == 1 << 18
    assert head.subject == "one"
