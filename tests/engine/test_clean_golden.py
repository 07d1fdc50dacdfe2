"""The mails of tests/mail, before and after."""

from pathlib import Path

import pytest
from bothways import clean_message, restore

MAILS = Path(__file__).parents[1] / "mail"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml") if "." not in path.stem)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("suffix", "keep_length"), [("expected", False), ("kept", True)])
def test_golden(name: str, suffix: str, keep_length: bool) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    cleaned = clean_message(raw, keep_length=keep_length)
    assert cleaned.raw == (MAILS / f"{name}.{suffix}.eml").read_bytes()
    assert restore(cleaned) == raw


@pytest.mark.parametrize("name", NAMES)
def test_keeping_the_length_keeps_every_line_break(name: str) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    kept = clean_message(raw, keep_length=True).raw
    assert len(kept) == len(raw)
    assert [at for at, octet in enumerate(kept) if octet in b"\r\n"] == [
        at for at, octet in enumerate(raw) if octet in b"\r\n"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_again_finds_nothing_to_do(name: str) -> None:
    once = clean_message((MAILS / f"{name}.eml").read_bytes())
    again = clean_message(once.raw)
    assert again.edits == ()
    assert again.raw == once.raw


def test_there_are_golden_mails() -> None:
    assert len(NAMES) >= 9
