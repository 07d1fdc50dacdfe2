"""Splice: any length, and nothing but the touched region written anew."""

import base64

import pytest
from bothways.message.edits import Change, Edit, EditMismatch, apply, restore_octets, splice
from bothways.message.encodings import decode_text
from bothways.message.mime import split


def head(encoding, charset="utf-8"):
    kind = f"Content-Type: text/html; charset={charset}\r\n"
    return f"{kind}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()


def change(raw, *wanted, pad=True):
    """Plan to replace texts; return (mail after, its text, planned)."""
    part_text = decode_text(raw, split(raw).parts[0])
    changes = []
    for old, *candidates in wanted:
        start = part_text.text.index(old)
        changes.append(Change(start, start + len(old), tuple(candidates), pad))
    planned = splice(raw, part_text, changes)
    cleaned = apply(raw, planned.edits)
    assert restore_octets(cleaned, planned.edits) == raw
    return cleaned, decode_text(cleaned, split(cleaned).parts[0]).text, planned


def test_plain_text_is_replaced_in_place():
    raw = head("8bit") + "<ä><img>x".encode()
    cleaned, text, planned = change(raw, ("<img>", ""), ("x", "yy"))
    assert cleaned == head("8bit") + "<ä>yy".encode()
    assert planned.edits == (Edit(len(head("8bit")) + 4, b"<img>", b""), Edit(len(raw) - 1, b"x", b"yy"))
    assert (text, planned.chosen) == ("<ä>yy", ("", "yy"))


def test_quoted_printable_is_written_anew_only_where_touched():
    raw = head("quoted-printable") + b"a=3db <img =\r\nsrc=3d1> =C3=A4\r\nend=3d\r\n"
    cleaned, text, _ = change(raw, ("<img src=1>", "<i é=>"))
    assert cleaned == head("quoted-printable") + b"a=3db <i =C3=A9=3D> =C3=A4\r\nend=3d\r\n"
    assert text == "a=b <i é=> ä\r\nend=\r\n"


def test_quoted_lines_that_grow_are_broken_in_the_style_of_the_mail():
    raw = head("quoted-printable").replace(b"\r\n", b"\n") + b"x" * 30 + b"<img>" + b"y" * 40 + b"\n"
    cleaned, text, _ = change(raw, ("<img>", "=" * 40))
    assert b"\r" not in cleaned
    assert max(map(len, cleaned.split(b"\n"))) <= 76
    assert text == "x" * 30 + "=" * 40 + "y" * 40 + "\n"


@pytest.mark.parametrize("tail", [b"\r\n", b"", b" \t\r\n"])
def test_a_blank_that_comes_to_end_a_line_is_kept(tail):
    raw = head("quoted-printable") + b"two <img>" + tail
    assert change(raw, ("<img>", ""))[1].rstrip("\r\n") == "two "
    assert change(raw, ("<img>", "x "))[1].rstrip("\r\n") == "two x "


def test_neighbours_in_quoted_printable_become_one_edit():
    raw = head("quoted-printable") + b"a <b><i>\r\n"
    _, text, planned = change(raw, ("<b>", ""), ("<i>", ""))
    assert text == "a \r\n"
    assert len(planned.edits) == 1


def test_base64_keeps_the_groups_after_a_padded_change():
    octets = b"<p>before</p><img src=x>" + b"after " * 40
    raw = head("base64") + base64.encodebytes(octets).replace(b"\n", b"\r\n")
    cleaned, text, planned = change(raw, ("<img src=x>", "<i>1"))
    assert text == octets.decode().replace("<img src=x>", "<i>1 ")
    assert len(planned.edits) == 1
    assert len(planned.edits[0].original) < 40
    assert max(map(len, cleaned.split(b"\r\n"))) <= 76


def test_base64_without_room_for_spaces_is_written_to_the_end():
    octets = b"<p><img src=x>" + b"after " * 40
    raw = head("base64") + base64.encodebytes(octets)
    cleaned, text, planned = change(raw, ("<img src=x>", "y"), pad=False)
    assert text == "<p>y" + "after " * 40
    assert planned.edits[0].end == len(raw) - 1
    assert max(map(len, cleaned.split(b"\n"))) <= 76


def test_changes_that_share_a_group_become_one_edit():
    raw = head("base64") + base64.encodebytes(b"<a><b>cde")
    _, text, planned = change(raw, ("a", "A"), (">", "]"), ("<b", "[B"), ("e", "E"))
    assert text == "<A][B>cdE"
    assert [edit.replacement for edit in planned.edits] == [b"PEFd", b"W0I+", b"Y2RF"]


def test_edits_cover_whole_groups_with_their_line_breaks():
    raw = head("base64") + b"PGI+\r\naGVs\r\nbG8=\r\n"
    planned = change(raw, (">h", "12"))[2]
    assert planned.edits == (Edit(len(head("base64")), b"PGI+\r\naGVs", b"PGIx\r\nMmVs"),)


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_candidate_that_the_charset_cannot_hold_gives_way(encoding):
    body = base64.encodebytes(b"<img>") if encoding == "base64" else b"<img>"
    raw = head(encoding, "iso-8859-1") + body
    assert change(raw, ("<img>", "日", "e"))[2].chosen == ("e",)
    assert change(raw, ("<img>", "日"))[0] == raw


def test_wide_and_switching_charsets_are_written_in_kind():
    wide = head("base64", "utf-16-le") + base64.encodebytes("<日><img>x".encode("utf-16-le"))
    assert change(wide, ("<img>", "é"))[1].replace(" ", "") == "<日>éx"
    switching = head("7bit", "iso-2022-jp") + "<日本><img alt=本>x".encode("iso-2022-jp")
    assert change(switching, ("<img alt=本>", "<i>"))[1] == "<日本><i>x"


def test_part_of_a_switched_stretch_is_not_changed():
    raw = head("7bit", "iso-2022-jp") + "<日本>".encode("iso-2022-jp")
    assert change(raw, ("本", "x"))[2].chosen == (None,)
    assert change(raw, ("日本", "~"))[2].chosen == (None,)
    assert change(raw, ("日本", "x"))[1] == "<x>"


@pytest.mark.parametrize("body", [b"=<img>", b"=4<img>"])
def test_what_follows_a_broken_escape_is_not_changed(body):
    raw = head("quoted-printable") + body
    assert change(raw, ("<img>", "41"))[2].chosen == (None,)


def test_of_changes_that_overlap_the_later_is_refused():
    raw = head("8bit") + b"abcdef"
    part_text = decode_text(raw, split(raw).parts[0])
    changes = [
        Change(2, 4, ("x",)),
        Change(0, 3, ("y",)),
        Change(5, 9, ("",)),
        Change(4, 3, ("",)),
        Change(-1, 0, ("",)),
    ]
    planned = splice(raw, part_text, changes)
    assert planned.chosen == (None, "y", None, None, None)
    assert apply(raw, planned.edits).endswith(b"\r\n\r\nydef")


def test_edits_of_another_mail_are_refused():
    edits = (Edit(1, b"bc", b"X"), Edit(4, b"", b"YY"))
    assert apply(b"abcdef", edits) == b"aXdYYef"
    assert restore_octets(b"aXdYYef", edits) == b"abcdef"
    for raw, wrong in [
        (b"abXdef", edits),
        (b"abc", edits),
        (b"abcdef", edits[::-1]),
        (b"ab", (Edit(3, b"", b"x"),)),
    ]:
        with pytest.raises(EditMismatch):
            apply(raw, wrong)
    with pytest.raises(EditMismatch):
        restore_octets(b"aXdYef", edits)


def test_changes_around_a_digit_too_many_become_one_edit():
    raw = head("base64") + b"PGI+a"
    part_text = decode_text(raw, split(raw).parts[0])
    planned = splice(raw, part_text, [Change(0, 0, ("x",), pad=False), Change(3, 3, ("y",), pad=False)])
    assert decode_text(apply(raw, planned.edits), split(apply(raw, planned.edits)).parts[0]).text == "x<b>y"
    assert len(planned.edits) == 1


MANY = b"<img src=x>text " * 10_000
WRITTEN = [
    ("8bit", MANY),
    ("quoted-printable", MANY.replace(b"=", b"=3D")),
    ("base64", base64.encodebytes(MANY)),
    ("base64", base64.b64encode(MANY)),
]


@pytest.mark.parametrize(("encoding", "octets"), WRITTEN)
def test_ten_thousand_changes_are_planned_together(encoding, octets):
    raw = head(encoding) + octets
    part_text = decode_text(raw, split(raw).parts[0])
    planned = splice(raw, part_text, [Change(at * 16, at * 16 + 11, ("",)) for at in range(10_000)])
    cleaned = apply(raw, planned.edits)
    assert decode_text(cleaned, split(cleaned).parts[0]).text.split() == ["text"] * 10_000
