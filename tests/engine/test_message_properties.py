"""Whatever the mail: edits are undone to the octet, refill moves no line break, the text reads as planned."""

import base64
import re

import pytest
from bothways.message.edits import Change, apply, refill, restore_octets, splice
from bothways.message.encodings import decode_text
from bothways.message.mime import split
from hypothesis import given, settings
from hypothesis import strategies as st

ALPHABETS = {
    "us-ascii": "",
    "utf-8": "äß€日本🎉",
    "iso-8859-1": "äßé",
    "windows-1251": "Привет",
    "gb18030": "中文€𝄞",
    "big5": "中文",
    "euc-kr": "한국",
    "shift_jis": "日本ｱ",
    "iso-2022-jp": "日本語",
    "utf-16-le": "ä日🎉",
}
LINE_ENDS = ["\r\n", "\n", "\r"]
MARKUP = [
    "<img src=http://t.example/o?u=1>",
    '<a href="https://c.example/?a=b&c=d">',
    "</a>",
    "=",
    "<",
    ">",
    " ",
    ".",
]
CANDIDATES = ["", "x", "<i>", "https://shop.example/p?id=1&x=2", "=" * 7, "ä", "日", "y" * 90]


@st.composite
def texts(draw, charset):
    """Draw text of markup, words and the charset's own characters over several lines."""
    line_end = draw(st.sampled_from(LINE_ENDS))
    own = [*ALPHABETS[charset], "word", "two words ", "\t", line_end, line_end]
    return "".join(draw(st.lists(st.sampled_from(MARKUP + own), max_size=40)))


def write_quoted(draw, octets):
    """Write quoted-printable as no mailer would: any octet escaped or not, soft breaks anywhere."""
    out = b""
    soft = draw(st.sampled_from([b"=\r\n", b"=\n", b"= \t\r\n"]))
    style = draw(st.randoms(use_true_random=False))
    for index, octet in enumerate(octets):
        ends_line = index + 1 == len(octets) or octets[index + 1] in b"\r\n"
        must = octet == 61 or octet > 126 or octet < 9 or (octet in b" \t" and ends_line)
        keep = octet in b"\r\n" or (not must and style.random() > 0.1)
        out += bytes([octet]) if keep else (b"=%02X" if style.random() > 0.3 else b"=%02x") % octet
        out += soft if style.random() < 0.03 and not ends_line else b""
    return out


def write_base64(draw, octets):
    width = draw(st.sampled_from([4, 20, 72, 76, 1000]))
    digits = base64.b64encode(octets)
    end = draw(st.sampled_from([b"\r\n", b"\n"]))
    return end.join(digits[at : at + width] for at in range(0, len(digits), width)) + end


@st.composite
def mails(draw):
    """Draw (raw mail with one text part, its text)."""
    charset = draw(st.sampled_from(sorted(ALPHABETS)))
    encoding = draw(st.sampled_from(["8bit", "quoted-printable", "base64"]))
    text = draw(texts(charset))
    octets = text.encode(charset)
    if encoding == "quoted-printable":
        octets = write_quoted(draw, octets)
    elif encoding == "base64":
        octets = write_base64(draw, octets)
    head = f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + octets, text


@st.composite
def changes(draw, text):
    bounds = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    found = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=False):
        candidates = tuple(draw(st.lists(st.sampled_from(CANDIDATES), min_size=1, max_size=2)))
        found.append(Change(start, end, candidates, pad=draw(st.booleans())))
    return found


def breaks(octets):
    return [(match.start(), match[0]) for match in re.finditer(rb"[\r\n]", octets)]


def expected(text, planned_changes, chosen, filler):
    """Return the pattern that a changed text must match."""
    pattern, position = "", 0
    for change, stands in zip(planned_changes, chosen, strict=True):
        pattern += re.escape(text[position : change.start])
        if stands is None:
            pattern += re.escape(text[change.start : change.end])
        elif change.pad:
            pattern += f"{filler}{re.escape(stands)}{filler}"
        else:
            pattern += re.escape(stands)
        position = change.end
    return pattern + re.escape(text[position:])


def read(raw):
    return decode_text(raw, split(raw).parts[0])


@given(mails())
def test_a_text_decodes_to_what_was_written(mail):
    raw, text = mail
    assert read(raw).text == text


@settings(max_examples=300)
@given(st.data(), mails())
def test_refill_keeps_length_and_breaks_and_says_what_stands(data, mail):
    raw, _ = mail
    part_text = read(raw)
    wanted = data.draw(changes(part_text.text))
    planned = refill(raw, part_text, wanted)
    cleaned = apply(raw, planned.edits)
    assert len(cleaned) == len(raw)
    assert breaks(cleaned) == breaks(raw)
    assert restore_octets(cleaned, planned.edits) == raw
    pattern = expected(part_text.text, wanted, planned.chosen, "[ \r\n]*")
    assert re.fullmatch(pattern, read(cleaned).text)
    assert re.findall("[\r\n]", read(cleaned).text) == re.findall("[\r\n]", part_text.text)


@settings(max_examples=300)
@given(st.data(), mails())
def test_splice_writes_exactly_what_stands(data, mail):
    raw, _ = mail
    part_text = read(raw)
    wanted = data.draw(changes(part_text.text))
    planned = splice(raw, part_text, wanted)
    cleaned = apply(raw, planned.edits)
    assert restore_octets(cleaned, planned.edits) == raw
    filler = " {0,2}" if part_text.part.encoding == "base64" else ""
    assert re.fullmatch(expected(part_text.text, wanted, planned.chosen, filler), read(cleaned).text)


@settings(max_examples=200)
@given(st.data(), mails())
def test_edits_are_sorted_disjoint_and_inside_the_body(data, mail):
    raw, _ = mail
    part_text = read(raw)
    wanted = data.draw(changes(part_text.text))
    for plan in (refill, splice):
        position = part_text.part.body_start
        for edit in plan(raw, part_text, wanted).edits:
            assert position <= edit.start
            assert raw[edit.start : edit.end] == edit.original != edit.replacement
            position = edit.end
        assert position <= part_text.part.body_end


@given(st.binary(max_size=300))
def test_no_octets_break_the_splitter_or_the_decoder(raw):
    for part in split(raw).parts:
        assert part.header_start <= part.header_end <= part.body_start <= part.body_end <= len(raw)
        part_text = decode_text(raw, part)
        start, end = part_text.span(0, len(part_text.text))
        assert part.body_start <= start <= end <= part.body_end


HEADS = [
    f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    for charset in (
        "utf-8",
        "iso-2022-jp",
        "iso-2022-kr",
        "utf-7",
        "hz-gb-2312",
        "utf-16",
        "gb18030",
        "big5",
        "none",
        "cp932",
    )
    for encoding in ("8bit", "quoted-printable", "base64")
]
JUNK = [
    b"\x1b$B",
    b"\x1b(B",
    b"\x1b(J",
    b"=",
    b"=3",
    b"=3D",
    b"=\r\n",
    b" \r\n",
    b"+",
    b"~{",
    b"~}",
    b"\x0e",
    b"AAAA",
    b"A=",
]


@settings(max_examples=300)
@given(
    st.data(), st.sampled_from(HEADS), st.lists(st.sampled_from(JUNK) | st.binary(max_size=4), max_size=12)
)
def test_broken_bodies_decode_and_their_edits_come_back(data, head, pieces):
    raw = head + b"".join(pieces)
    part_text = read(raw)
    wanted = data.draw(changes(part_text.text))
    for plan in (refill, splice):
        planned = plan(raw, part_text, wanted)
        cleaned = apply(raw, planned.edits)
        assert restore_octets(cleaned, planned.edits) == raw
        assert plan is splice or (len(cleaned) == len(raw) and breaks(cleaned) == breaks(raw))


@pytest.mark.parametrize("charset", sorted(ALPHABETS))
def test_every_character_has_a_span_of_its_own_octets(charset):
    text = f"<p>{ALPHABETS[charset]}</p>"
    raw = f"Content-Type: text/html; charset={charset}\n\n".encode() + text.encode(charset)
    part_text = read(raw)
    for index, char in enumerate(text):
        start, end = part_text.span(index, index + 1)
        if charset != "iso-2022-jp" or char.isascii():
            assert raw[start:end] == char.encode(charset)
