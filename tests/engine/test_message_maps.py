"""Where decoded octets are written, however the lines of a body are laid out."""

import base64
import binascii
import re

import pytest
from bothways.message.base64_body import Base64
from bothways.message.quoted_printable import QuotedPrintable

_OCTETS = bytes(range(256)) * 20
_DIGITS = base64.b64encode(_OCTETS)


def _in_lines(width: int, line_break: bytes, *, uneven: bool) -> bytes:
    first, step = (width, width + 4) if uneven else (0, width)
    rest = [_DIGITS[at : at + step] for at in range(first, len(_DIGITS), step)]
    return line_break.join([_DIGITS[:first], *rest] if uneven else rest)


@pytest.mark.parametrize("line_break", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("width", [4, 75, 76, 10_000])
def test_groups_of_base64_stand_where_they_decode(width: int, line_break: bytes, uneven: bool) -> None:
    raw = b"head" + _in_lines(width, line_break, uneven=uneven) + line_break
    body = Base64(raw, 4, len(raw))
    assert (body.octets, body.canonical) == (_OCTETS, True)
    for start in range(0, len(_OCTETS), 333):
        written = raw[slice(*body.span(start, start + 9))]
        assert binascii.a2b_base64(written) == _OCTETS[start : start + 9]


@pytest.mark.parametrize("strange", [b"", b"=zz", b"==", b"= \t", b" ", b"=\r", b"\r"])
@pytest.mark.parametrize("line_break", [b"\r\n", b"\n"])
def test_a_strange_line_changes_nothing_about_the_others(strange: bytes, line_break: bytes) -> None:
    line = b"some =C3=A9 text=20=" + line_break + b"and more" + line_break
    raw = line * 200 + b"here" + strange + line_break + line * 200
    body = QuotedPrintable(raw, 0, len(raw))
    usual = QuotedPrintable(line, 0, len(line)).octets
    assert body.octets.startswith(usual * 200 + b"here")
    assert body.octets.endswith(usual * 200)
    for found in list(re.finditer("é".encode(), body.octets))[::17]:
        assert raw[slice(*body.span(*found.span()))] == b"=C3=A9"
