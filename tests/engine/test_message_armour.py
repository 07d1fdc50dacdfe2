"""Inline OpenPGP: only a complete region of a text/plain part protects."""

import pytest
from bothways.message.armour import Region, find_armour, find_protected
from bothways.message.encodings import decode_text
from bothways.message.mime import Protection, split

SIGNED = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

- -----BEGIN PGP MESSAGE-----
text
-----BEGIN PGP SIGNATURE-----

abc
-----END PGP SIGNATURE-----"""
ENCRYPTED = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_regions_run_from_begin_to_end(line_end):
    text = f"before\n{SIGNED}\nbetween\n{ENCRYPTED} \nafter".replace("\n", line_end)
    signed, encrypted = find_armour(text)
    assert text[signed.start : signed.end] == SIGNED.replace("\n", line_end)
    assert text[encrypted.start : encrypted.end].strip() == ENCRYPTED.replace("\n", line_end)
    assert (signed.protection, encrypted.protection) == (Protection.SIGNED, Protection.ENCRYPTED)


@pytest.mark.parametrize(
    "text",
    [
        SIGNED.rsplit("\n", 1)[0],
        SIGNED.replace("-----BEGIN PGP SIGNATURE-----\n", ""),
        ENCRYPTED.replace("-----END", "----END"),
        ENCRYPTED.replace("-----BEGIN", "> -----BEGIN"),
        ENCRYPTED.replace("MESSAGE-----\n\n", "MESSAGE----- x\n\n"),
        "-----BEGIN PGP SIGNED MESSAGE-----\n" + "x\n-----END PGP MESSAGE-----",
        "",
    ],
)
def test_a_region_that_is_not_whole_protects_nothing(text):
    assert find_armour(text) == ()


def test_a_new_begin_line_starts_anew():
    text = "-----BEGIN PGP MESSAGE-----\n" + ENCRYPTED
    assert find_armour(text) == (Region(28, len(text), Protection.ENCRYPTED),)


@pytest.mark.parametrize(("kind", "count"), [("text/plain", 1), ("text/html", 0), ("text/x-amp-html", 0)])
def test_html_has_no_armour(kind, count):
    raw = f"Content-Type: {kind}\n\n{SIGNED}\n".encode()
    part_text = decode_text(raw, split(raw).parts[0])
    assert len(find_protected(part_text)) == count


def test_a_hundred_thousand_begin_lines_are_no_region():
    assert find_armour("-----BEGIN PGP SIGNED MESSAGE-----\n" * 100_000 + "-----") == ()
