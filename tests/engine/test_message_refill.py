"""Refill: the same octets, the same lines, every line break in its place; what does not fit is refused."""

import base64
import re

import pytest
from bothways.message.edits import Change, apply, refill, restore_octets
from bothways.message.encodings import decode_text
from bothways.message.mime import split


def head(encoding, charset="utf-8"):
    kind = f"Content-Type: text/html; charset={charset}\r\n"
    return f"{kind}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()


def breaks(octets):
    return [(match.start(), match[0]) for match in re.finditer(rb"[\r\n]", octets)]


def change(raw, old, *candidates, pad=True):
    """Plan to replace a text; return (body after, text after, what stands)."""
    part_text = decode_text(raw, split(raw).parts[0])
    start = part_text.text.index(old)
    planned = refill(raw, part_text, [Change(start, start + len(old), candidates, pad)])
    cleaned = apply(raw, planned.edits)
    assert len(cleaned) == len(raw)
    assert breaks(raw) == breaks(cleaned)
    assert restore_octets(cleaned, planned.edits) == raw
    text = decode_text(cleaned, split(cleaned).parts[0]).text
    return cleaned[part_text.part.body_start :], text, planned.chosen[0]


def test_a_tag_is_blanked_and_its_line_breaks_stay():
    raw = head("8bit") + b"a<img\r\nsrc=x\n>b"
    assert change(raw, "<img\r\nsrc=x\n>", "")[0] == b"a    \r\n     \n b"


@pytest.mark.parametrize(
    ("candidates", "body", "stands"),
    [
        (("short",), b"<short      >", "short"),
        (("exactly10!",), b"<exactly10! >", "exactly10!"),
        (("much too long", "fits"), b"<fits       >", "fits"),
        (("much too long",), b"<long string>", None),
        (("日本日本日", "日本"), "<日本     >".encode(), "日本"),
    ],
)
def test_the_first_candidate_that_fits_stands(candidates, body, stands):
    assert change(head("8bit") + b"<long string>", "long string", *candidates)[::2] == (body, stands)


def test_without_padding_only_the_same_length_fits():
    raw = head("8bit") + b"<abc>"
    assert change(raw, "abc", "x", "xyz", pad=False)[0] == b"<xyz>"
    assert change(raw, "abc", "x", pad=False)[2] is None
    assert change(head("8bit") + b"<a\nc>", "a\nc", "xyz", pad=False)[2] is None


def test_a_candidate_stands_in_the_first_line_that_holds_it():
    raw = head("8bit") + b'href="\r\nhttps://click.example/123">'
    assert change(raw, "\r\nhttps://click.example/123", "https://x.example")[0] == (
        b'href="\r\nhttps://x.example        ">'
    )


@pytest.mark.parametrize("rest", [b"", b"c", b"cQ", b"cXE"])
def test_base64_that_ends_within_a_group_keeps_its_length(rest):
    raw = head("base64") + base64.b64encode(b"<b>one") + rest
    whole = len(rest) * 6 // 8 * "q"
    assert change(raw, "one" + whole, "1")[1:] == ("<b>1  " + " " * len(whole), "1")


def test_base64_keeps_its_digits_in_their_lines():
    octets = b"<p>one</p><img src=https://t.example/open?u=1><p>two</p>"
    digits = base64.b64encode(octets)
    raw = head("base64") + b"\r\n".join([digits[:10], digits[10:50], digits[50:]]) + b"\r\n"
    body, text, _ = change(raw, "<img src=https://t.example/open?u=1>", "<i>")
    assert text == "<p>one</p><i>" + " " * 33 + "<p>two</p>"
    assert [len(line) for line in body.split(b"\r\n")] == [10, 40, len(digits) - 50, 0]


@pytest.mark.parametrize(
    "body", [b"PGI+!aGVsbG8=", b"PGI+aA==ZWxs", b"PGI+aGVsbG8=\r\n-- footer", b"PGI+aGVsbG8==="]
)
def test_base64_that_readers_could_disagree_on_is_left(body):
    raw = head("base64", "latin1") + body
    assert change(raw, "b", "")[2] is None


def test_quoted_printable_is_filled_around_its_soft_breaks():
    raw = head("quoted-printable") + b'<a href=3D"https://click.exam=\r\nple/abc=\r\ndef?u=3D1"> x\r\n'
    body, text, _ = change(raw, "https://click.example/abcdef?u=1", "https://example.org/?a=b")
    assert text == '<a href="https://example.org/?a=b        "> x\r\n'
    assert [len(line) for line in body.split(b"\r\n")] == [30, 8, 13, 0]


@pytest.mark.parametrize(
    ("lines", "candidate", "stands"),
    [
        (b"abcd=\r\nefgh", "12345678", True),
        (b"abcd=\r\nefgh", "123456", True),
        (b"abcd=\r\nefgh", "123=5", False),
        (b"abcd=\r\nefgh", "12=4", True),
        (b"abcd=\r\nefgh", "=1=2", True),
        (b"a=\r\nbcdefghi", "=", False),
        (b"a=\r\nb=\r\nc=\r\ndef", "x=", False),
        (b"a=\r\nb=\r\nc=\r\ndef", "xyz=", True),
        (b"ab=\r\ncd=\r\nef", "=", False),
    ],
)
def test_the_layout_of_lines_is_found_where_there_is_one(lines, candidate, stands):
    raw = head("quoted-printable") + b"<" + lines + b">"
    text = lines.replace(b"=\r\n", b"").decode()
    _, after, chosen = change(raw, text, candidate)
    assert (chosen == candidate) is stands
    assert not stands or after.rstrip(" >") == "<" + candidate


def test_without_padding_escapes_take_up_the_room():
    raw = head("quoted-printable") + b"(abcd=\r\nefghijk)"
    _, text, chosen = change(raw, "abcdefghijk", "12345", pad=False)
    assert (text, chosen) == ("(12345)", "12345")
    assert change(raw, "abcdefghijk", "123", pad=False)[2] is None


@pytest.mark.parametrize("end", [b"\r\n", b"", b"  \r\n"])
def test_the_last_space_of_a_line_is_escaped(end):
    raw = head("quoted-printable") + b"a <img>" + end
    assert change(raw, "<img>", "")[0] == b"a   =20" + end
    assert change(raw, "<img>", "xyz")[0] == b"a xy=7A" + end
    assert change(raw, "<img>", "xy")[0] == b"a xy=20" + end


@pytest.mark.parametrize("tail", [b">\r\n", b"/>\r\n"])
def test_a_tag_that_ends_alone_on_its_line_is_blanked_all_the_same(tail):
    raw = head("quoted-printable") + b"<p>=\r\n<img src=3Dx\r\n" + tail + b"text"
    _, text, chosen = change(raw, "<img src=x\r\n" + tail.decode().strip(), "")
    assert chosen == ""
    assert text.split() == ["<p>", "text"]


def test_a_hard_break_inside_keeps_its_place():
    raw = head("quoted-printable") + b"<img\r\nsrc=3D=\r\nx>text"
    assert change(raw, "<img\r\nsrc=x>", "")[0] == b" =20\r\n      =\r\n  text"


def test_wide_text_is_filled_with_whole_spaces():
    text = "<日>\r\n<img\r\nsrc=x>"
    raw = head("base64", "utf-16-le") + base64.encodebytes(text.encode("utf-16-le"))
    assert change(raw, "<img\r\nsrc=x>", "é")[1] == "<日>\r\né   \r\n      "
    raw = head("quoted-printable", "utf-16-be") + b"=00<=00i=00=\r\n>=00x"
    assert change(raw, "<i>", "")[1] == "   x" or change(raw, "<i>", "")[2] is None


def test_wide_text_never_moves_an_octet_that_looks_like_a_break():
    raw = head("8bit", "utf-16-le") + "<\u0a0d\u0d0a>".encode("utf-16-le")
    assert change(raw, "<\u0a0d\u0d0a>", "")[2] is None


def test_a_wide_candidate_with_an_octet_that_looks_like_a_break_is_one_line():
    text = "<a href=x?\u0d0a&id=1>"
    raw = head("base64", "utf-16-le") + base64.encodebytes(text.encode("utf-16-le"))
    assert change(raw, "x?\u0d0a&id=1", "x?\u0d0a")[1:] == ("<a href=x?\u0d0a     >", "x?\u0d0a")


def test_text_that_switches_modes_is_blanked_with_its_escapes():
    raw = head("7bit", "iso-2022-jp") + "<本><img alt=日本>x".encode("iso-2022-jp")
    assert change(raw, "<img alt=日本>", "")[1] == "<本>" + " " * 20 + "x"


def test_a_candidate_with_a_line_break_never_fits():
    for encoding in ("8bit", "quoted-printable"):
        assert change(head(encoding) + b"<long string>", "long string", "a\nb")[2] is None


def test_changes_that_touch_share_their_groups():
    raw = head("base64") + base64.encodebytes(b"<b><i>text")
    part_text = decode_text(raw, split(raw).parts[0])
    planned = refill(raw, part_text, [Change(3, 6, ("",)), Change(0, 3, ("x",)), Change(2, 4, ("",))])
    assert planned.chosen == ("", "x", None)
    assert len(planned.edits) == 1
    assert decode_text(apply(raw, planned.edits), part_text.part).text == "x     text"


@pytest.mark.parametrize(
    "line", [b"=\r\n", b"a=\r\n", b"ab=\r\n", b"=3D=\r\n", b"x" * 75 + b"=\r\n", b"x" * 5_000 + b"=\r\n"]
)
@pytest.mark.parametrize("candidate", ["=", "a", " ", "a=", "é"])
def test_a_long_change_that_hardly_fits_is_settled_soon(line, candidate):
    lines = line * (200_000 // len(line))
    raw = head("quoted-printable") + lines + b"."
    part_text = decode_text(raw, split(raw).parts[0])
    room = len(lines.replace(b"=\r\n", b""))
    long = candidate * (room // 3 // len(candidate))
    for pad in (True, False):
        planned = refill(raw, part_text, [Change(0, len(part_text.text), (long,), pad)])
        assert len(apply(raw, planned.edits)) == len(raw)
