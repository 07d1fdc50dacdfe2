"""Dots at the start of lines: undone and put back, octet for octet."""

import pytest
from bothways.wire.pop3_dots import certain, find_end, restuff, unstuff
from hypothesis import given
from hypothesis import strategies as st

wires = st.text(alphabet=".\r\nab", max_size=60).map(str.encode)


def stuff(text: bytes) -> bytes:
    """Do what RFC 1939 asks of a server."""
    return b"\n".join(b"." + line if line.startswith(b".") else line for line in text.split(b"\n"))


@given(wires)
def test_what_a_server_stuffed_is_undone(text: bytes) -> None:
    assert unstuff(stuff(text)) == text


@given(wires)
def test_what_was_not_changed_comes_out_as_it_came_in(wire: bytes) -> None:
    assert restuff(wire, unstuff(wire), unstuff(wire)) == wire


@given(wires, st.data())
def test_a_client_reads_what_was_cleaned(text: bytes, data: st.DataObject) -> None:
    lines = text.split(b"\n")
    line = data.draw(st.integers(0, len(lines) - 1))
    size = len(lines[line])
    lines[line] = data.draw(st.text(". x", min_size=size, max_size=size)).encode()
    cleaned = b"\n".join(lines)
    wire = restuff(stuff(text), text, cleaned)
    assert wire is not None
    assert unstuff(wire) == cleaned
    assert find_end(b"\n" + wire, 0) is None


@pytest.mark.parametrize("wire", [b".x\n", b"a\n.x\n", b"a\n.x\n..y\n"])
def test_a_dot_that_a_server_forgot_to_stuff_is_kept(wire: bytes) -> None:
    text = unstuff(wire)
    changed = restuff(wire, text, text.replace(b"x", b" "))
    assert changed == wire.replace(b"x", b" ")


def test_other_lines_are_refused() -> None:
    assert restuff(b"a\n..x\n", b"a\n.x\n", b"aa.x\n") is None
    assert restuff(b"ab\n", b"ab\n", b"abc") is None
    assert restuff(b"ab\n", b"ab\n", b"a\n") is None


@pytest.mark.parametrize(
    ("octets", "span"),
    [
        (b"\n.\r\n", (1, 4)),
        (b"\n.\n", (1, 3)),
        (b"\na\n.\r\n.\n", (3, 6)),
        (b"\n..\r\n\n.\n", (6, 8)),
        (b"\n.\r", None),
        (b".\r\n", None),
        (b"\n.x\r\n", None),
    ],
)
def test_the_end_is_a_line_of_one_dot(octets: bytes, span: tuple[int, int] | None) -> None:
    assert find_end(octets, 0) == span


@pytest.mark.parametrize(
    ("octets", "count"), [(b"ab", 2), (b"ab\n", 2), (b"a\n.", 1), (b"a\n.\r", 1), (b"a\n.\r\r", 5), (b"", 0)]
)
def test_what_may_be_the_end_waits(octets: bytes, count: int) -> None:
    assert certain(octets) == count
