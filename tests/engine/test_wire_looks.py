"""What holds of a first look: edits laid over any stretch, sections, and the memory for them."""

import time

import pytest
from bothways.message.edits import Edit, apply
from bothways.message.mime import split
from bothways.wire.buffer import Buffer
from bothways.wire.events import Extent, OddityError, Where
from bothways.wire.imap_mailbox import OpenMailbox
from bothways.wire.imap_structure import estimate_text_end
from bothways.wire.looks import Look, Looks, keeps_length
from bothways.wire.overlay import Overlay
from bothways.wire.sections import cut_off, find_sections
from hypothesis import given
from hypothesis import strategies as st

RAW = bytes(range(97, 123)) * 4
EDITS = (Edit(3, RAW[3:9], b"------"), Edit(9, RAW[9:10], b"="), Edit(40, RAW[40:70], b"#" * 30))
CLEAN = apply(RAW, EDITS)


def laid(edits: tuple[Edit, ...], start: int, octets: bytes, cuts: list[int]) -> tuple[bytes, int]:
    overlay, out = Overlay(edits, start), b""
    for cut in cuts:
        out, octets = out + overlay.feed(octets[:cut]), octets[cut:]
    return out + overlay.feed(octets) + overlay.finish(), overlay.mismatched


@given(st.integers(0, 104), st.integers(0, 104), st.lists(st.integers(1, 30), max_size=9))
def test_any_window_cut_in_any_way_is_a_window_of_the_cleaned(
    start: int, count: int, cuts: list[int]
) -> None:
    window = RAW[start : start + count]
    assert laid(EDITS, start, window, cuts) == (CLEAN[start : start + count], 0)


def test_what_is_not_the_edit_s_original_stays() -> None:
    other = RAW[:45] + b"?????" + RAW[50:]
    overlay = Overlay(EDITS, 0)
    assert overlay.feed(other) + overlay.finish() == CLEAN[:40] + other[40:]
    assert overlay.mismatched == 1


def test_an_edit_in_single_octets_costs_time_in_proportion() -> None:
    octets = b"x" * 400_000
    overlay = Overlay((Edit(0, octets, b"y" * 400_000),), 0)
    started = time.process_time()
    out = b"".join([overlay.feed(b"x") for _ in range(400_000)])
    assert out == b"y" * 400_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("edits", "keeps"),
    [
        (EDITS, True),
        ((), True),
        (EDITS[::-1], False),
        ((Edit(1, b"ab", b"c"),), False),
        ((Edit(1, b"ab", b"cd"), Edit(2, b"b", b"c")), False),
    ],
)
def test_edits_that_change_a_length_or_meet_are_told(edits: tuple[Edit, ...], keeps: bool) -> None:
    assert keeps_length(edits) is keeps


def here(uid: int | None) -> Where:
    return Where("a", "INBOX", 7, uid)


def test_looks_are_given_up_by_their_age_within_the_budget() -> None:
    look = Look(EDITS, Extent.WHOLE)
    looks = Looks(3 * look.cost)
    for uid in (1, 2, 3):
        looks.keep(here(uid), look)
    looks.get(here(1))
    looks.keep(here(4), look)
    assert [uid for uid in range(5) if looks.get(here(uid))] == [1, 3, 4]
    looks.keep(here(5), Look((Edit(0, b"a" * 9000, b"b" * 9000),), Extent.WHOLE))
    assert looks.get(here(5)) is None
    looks.keep(here(None), look)
    assert looks.get(here(None)) is None


MAIL = (
    b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\ninner\r\n"
    b"--b\r\nA: b\r\n\r\nlast\r\n--b--\r\n"
)


def test_sections_are_found_where_imap_has_them() -> None:
    found = {name: MAIL[start : start + 5] for name, start in find_sections(MAIL, whole=True).items()}
    assert (found["1"], found["1.MIME"], found["2"], found["3"]) == (
        b"<p>\r\n",
        b"Conte",
        b"Subje",
        b"last\r",
    )
    assert (found["2.HEADER"], found["2.TEXT"], found["2.1"]) == (b"Subje", b"inner", b"inner")
    assert (found[""], found["TEXT"], found["1.1"]) == (b"Subje", b"--b\r\n", b"<p>\r\n")


@pytest.mark.parametrize("end", range(0, len(MAIL), 3))
def test_of_a_start_only_whole_parts_are_judged(end: int) -> None:
    start = MAIL[:end]
    seen, _ = cut_off(start)
    assert seen <= end
    whole = {part.body_start: part.body_end for part in split(MAIL).parts if part.is_leaf}
    for part in split(start[:seen]).parts:
        if part.is_leaf and part.body_end > part.body_start:
            assert whole[part.body_start] == part.body_end
    inner = find_sections(start, whole=False)
    assert inner.items() <= find_sections(MAIL, whole=True).items()


def test_text_that_is_cut_off_is_told_from_a_file() -> None:
    assert cut_off(MAIL[: MAIL.index(b"<p>") + 2]) == (MAIL.index(b"<p>"), True)
    file = b"Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p"
    assert cut_off(file[:-2]) == (0, False)
    assert cut_off(file) == (len(file) - 2, False)
    assert cut_off(b"Subject: only a he") == (0, False)


STRUCTURE = (
    b'((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 1000 20 NIL NIL NIL)("text" "html" NIL NIL NIL '
    b'"base64" 50000 400) "alternative")("application" "pdf" NIL NIL NIL "base64" 9000000 NIL ("attachment" '
    b'("filename" "a\\"(b")))("text" "html" NIL NIL NIL "7bit" 5000 3 NIL ("attachment" NIL)) "mixed")'
)


def test_text_ends_before_the_files_behind_it() -> None:
    end = estimate_text_end(STRUCTURE)
    assert end is not None
    assert 51_000 < end < 200_000
    assert (estimate_text_end(b'("text" "html" NIL NIL NIL "7bit" 5000000 3)') or 0) > 5_000_000
    assert (estimate_text_end(STRUCTURE.replace(b'NIL ("attachment" NIL)', b"NIL NIL")) or 0) > 9_000_000


@pytest.mark.parametrize(
    "odd", [b"", b"NIL", b"(", b"())", b"(" * 5000 + b")" * 5000, b"(1 " * 90 + b")" * 90]
)
def test_an_odd_structure_is_told_from_none(odd: bytes) -> None:
    assert estimate_text_end(odd) in {None, 65536, 65536 + 2048}


def test_numbers_move_up_when_a_message_goes() -> None:
    mailbox = OpenMailbox()
    mailbox.learn_from_line(b"* 1 FETCH (UID 5 RFC822.SIZE 100)\r\n")
    mailbox.learn_from_line(b"* 2 FETCH (RFC822.SIZE 7 UID 6)\r\n")
    mailbox.learn_from_line(b'* 3 FETCH (ENVELOPE ("x" " UID 9 " NIL) UID 8)\r\n')
    mailbox.expunge(2)
    assert [mailbox.uid_of(number) for number in (1, 2, 3)] == [5, 8, None]
    assert (mailbox.size_of(5), mailbox.size_of(6), mailbox.size_of(8)) == (100, 7, None)
    mailbox.forget_numbers()
    assert mailbox.uid_of(1) is None


@given(st.lists(st.binary(max_size=9), max_size=20), st.randoms())
def test_a_buffer_gives_all_that_it_was_given(chunks: list[bytes], chance) -> None:  # type: ignore[no-untyped-def]
    buffer, out = Buffer(10_000), b""
    for chunk in chunks:
        buffer.feed(chunk)
        if chance.random() < 0.4:
            line = buffer.line()
            assert line is None or line.count(b"\n") == line.endswith(b"\n")
            out += buffer.take(len(line) if line else chance.randint(0, 4))
    assert out + buffer.take(len(buffer)) == b"".join(chunks)
    assert len(buffer) == 0


def test_a_line_in_single_octets_costs_time_in_proportion() -> None:
    buffer = Buffer(1 << 20)
    started = time.process_time()
    for _ in range(300_000):
        buffer.feed(b"x")
        buffer.line()
    assert time.process_time() - started < 20
    buffer.feed(b"x" * (1 << 20))
    with pytest.raises(OddityError, match="line_too_long"):
        buffer.line()
