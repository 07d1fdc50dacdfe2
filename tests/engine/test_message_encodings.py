"""Decoded text and its way back: transfer encodings and charsets, whole and broken."""

import base64

import pytest
from bothways.message.encodings import decode_text
from bothways.message.mime import split


def read(body, encoding="8bit", charset="", kind="text/html"):
    """Return (raw mail, the text of its one part)."""
    label = f"; charset={charset}" if charset else ""
    head = f"Content-Type: {kind}{label}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    raw = head.encode() + body
    return raw, decode_text(raw, split(raw).parts[0])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"a=3Db=3db", "a=b=b"),
        (b"soft=\r\nbreak =\nmore= \t\r\nend=", "softbreak moreend"),
        (b"=ZZ =4 == =3", "=ZZ =4 == =3"),
        (b"blanks \t\r\nat \nends \t", "blanks\r\nat\nends"),
        (b"kept=20\r\n =20", "kept \r\n  "),
        (b"=\r\n=\r\n=41", "A"),
        (b"=C3=A4=\r\n=c3=A4", "ää"),
        (b"a=0D=0Ab\rc=\rd", "a\r\nb\rcd"),
        (b"", ""),
    ],
)
def test_quoted_printable(body, text):
    assert read(body, "Quoted-Printable", "utf-8")[1].text == text


@pytest.mark.parametrize(
    ("body", "text", "canonical"),
    [
        (b"PGI+aGVsbG8=\r\n", "<b>hello", True),
        (b"PG\nI+\r\naGV\rsbG8", "<b>hello", True),
        (b"PGI+!aGVs\x00bG8=", "<b>hello", False),
        (b"PGI+aA==ZQ==\r\nbGxv", "<b>hello", False),
        (b"PGI+aGVsbG8=\r\n-- \r\nfooter", "<b>hello~\x8a(\xb6\x8b\x9e"[:8], False),
        (b"PGI+aGVsb", "<b>hel", True),
        (b"PGI+\naGVs\nbG8=\n", "<b>hello", True),
        (b"PGI+\naG-Vs\nbG8=\n", "<b>hello", False),
        (b"PGI+\naG-V\nsbG8\n", "<b>hello", False),
        (b"PGI+\n=", "<b>", False),
        (b"====", "", False),
        (b"", "", True),
    ],
)
def test_base64(body, text, canonical):
    part_text = read(body, "base64", "latin1")[1]
    assert part_text.text[: len(text)] == text
    assert ("base64:not canonical" not in part_text.notes) is canonical


@pytest.mark.parametrize("encoding", ["7bit", "8BIT", "binary", "", "7-bit", "x-uuencode"])
def test_other_encodings_are_read_as_they_stand(encoding):
    part_text = read(b"<p>=3D", encoding)[1]
    assert part_text.text == "<p>=3D"
    assert bool(part_text.notes) is (encoding in ("7-bit", "x-uuencode"))


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("ä€".encode(), "utf-8", "ä€"),
        ("ä€".encode(), "UTF8", "ä€"),
        ("ä€".encode(), "us-ascii", "ä€"),
        ("ä€".encode(), "", "ä€"),
        ("ä€".encode(), "no-such-charset", "ä€"),
        (b"\x80 \xe4", "iso-8859-1", "€ ä"),
        (b"\x80 \xe4", "", "€ ä"),
        (b"\x80 \xe4", "unknown-8bit", "€ ä"),
        (b"<meta charset=koi8-r>\xf0", "", "<meta charset=koi8-r>П"),
        (b"<meta charset=utf-16>\xc3\xa4", "", "<meta charset=utf-16>ä"),
        ("中文€".encode("gb18030"), "gb2312", "中文€"),
        ("中".encode("gbk"), "x-gbk", "中"),
        ("日本".encode("shift_jis"), "Windows-31J", "日本"),
        ("日本".encode("euc-jp"), "x-euc-jp", "日本"),
        ("한국".encode("cp949"), "ks_c_5601-1987", "한국"),
        ("中".encode("big5"), "Big5", "中"),
        ("<日>".encode("iso-2022-jp"), "iso-2022-jp", "<日>"),
        ("<한>".encode("iso-2022-kr"), "iso-2022-kr", "<한>"),
        ("<中~>".encode("hz"), "hz-gb-2312", "<中~>"),
        (b"+AOQ- <b>+ADw-i+AD4 1+-1", "utf-7", "ä <b><i> 1+1"),
        (b"\xff\xfe<\0b\0", "utf-16", "\ufeff<b"),
        (b"\xfe\xff\0<\0b", "utf-16", "\ufeff<b"),
        (b"<\0b\0>", "utf-16", "<b"),
        (b"\0<\0b", "utf-16", "<b"),
        (b"<\0\0\0", "utf-32", "<"),
        (b"\xef\xbb\xbf<b", "utf-8", "\ufeff<b"),
        (b"<b>", "rot13", "<b>"),
        (b"<b>", "base64", "<b>"),
        (b"<b>", "x\x00y", "<b>"),
    ],
)
def test_charsets(octets, charset, text):
    body = base64.encodebytes(octets)
    assert read(body, "base64", charset)[1].text == text


@pytest.mark.parametrize(
    "charset", ["utf-8", "ascii", "cp1252", "cp932", "gb18030", "cp949", "big5", "euc-jp", "utf-16le"]
)
def test_octets_that_a_charset_lacks_have_their_place(charset):
    octets = b"<b>" + bytes(range(0x80, 0x100)) + b"</b>\xff"
    raw, part_text = read(octets, "8bit", charset)
    errors = "surrogatepass" if "utf-16" in charset else "surrogateescape"
    assert len(part_text.text.encode(part_text.codec, errors)) == len(octets)
    assert part_text.span(0, len(part_text.text)) == (part_text.part.body_start, len(raw))


def test_an_odd_octet_at_the_end_of_wide_text_is_left_alone():
    assert read(b"<\0b\0>", "8bit", "utf-16le")[1].text == "<b"


@pytest.mark.parametrize("charset", ["iso-2022-jp", "iso-2022-kr", "hz", "utf-7"])
def test_broken_escapes_stand_for_themselves(charset):
    octets = b"<b>\x1b$B\xff<i>~{zz\xff+A- \x0e\xff"
    assert "<b>" in read(octets, "8bit", charset)[1].text


def spans(raw, part_text):
    """Return what stands in the mail for each character."""
    return [raw[slice(*part_text.span(at, at + 1))] for at in range(len(part_text.text))]


def test_markup_maps_to_ascii_octets_beside_escape_sequences():
    raw, part_text = read(b"<\x1b$BF|K\\\x1b(B>\x1b(J<\x1b(B>", "8bit", "iso-2022-jp")
    assert part_text.text == "<日本><>"
    unit = b"\x1b$BF|K\\\x1b(B"
    assert spans(raw, part_text) == [b"<", unit, unit, b">", b"<", b">"]


def test_quoted_spans_run_from_the_first_octet_to_the_last():
    raw, part_text = read(b"a=3D=\r\n=C3=A4b=\r\n c", "quoted-printable", "utf-8")
    assert spans(raw, part_text) == [b"a", b"=3D", b"=C3=A4", b"b", b" ", b"c"]
    assert raw[slice(*part_text.span(1, 3))] == b"=3D=\r\n=C3=A4"
    assert raw[slice(*part_text.span(0, 6))] == b"a=3D=\r\n=C3=A4b=\r\n c"


def test_base64_spans_cover_whole_groups():
    raw, part_text = read(b"PGI+\r\naGVs\r\nbG8=\r\n", "base64")
    assert raw[slice(*part_text.span(0, 1))] == b"PGI+"
    assert raw[slice(*part_text.span(2, 4))] == b"PGI+\r\naGVs"
    assert raw[slice(*part_text.span(6, 8))] == b"bG8="


def test_an_empty_span_is_a_place():
    for encoding in ("8bit", "quoted-printable", "base64"):
        part_text = read(b"YWJj", encoding)[1]
        start, end = part_text.span(0, 0)
        assert start == end == part_text.part.body_start


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "iso-2022-jp", "utf-16-le"])
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_megabyte_of_anything_is_decoded_and_mapped(charset, encoding):
    text = "<日本 =a>" * 60_000
    octets = text.encode(charset)
    body = base64.encodebytes(octets) if encoding == "base64" else octets.replace(b"=", b"=3D")
    part_text = read(body, encoding, charset)[1]
    starts = [part_text.span(at, at + 1)[0] for at in range(0, len(part_text.text), 1_000)]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "junk", [b"=", b" ", b"= ", b"=\n", b"\x1b", b"\x1b$B", b"+", b"~{", b"\x0e", b"A=", b"\xff"]
)
@pytest.mark.parametrize(
    ("encoding", "charset"), [("quoted-printable", "iso-2022-jp"), ("base64", "hz"), ("8bit", "utf-7")]
)
def test_a_megabyte_of_one_junk_is_decoded(junk, encoding, charset):
    part_text = read(junk * (1_000_000 // len(junk)), encoding, charset)[1]
    start, end = part_text.span(0, len(part_text.text))
    assert part_text.part.body_start <= start <= end <= part_text.part.body_end
