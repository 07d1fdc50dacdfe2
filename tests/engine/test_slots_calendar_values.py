"""Values of a calendar, and the way back from each of their characters."""

from bothways.calendar_values import FOLD, Written, escape_value
from hypothesis import given
from hypothesis import strategies as st

TEXT = "DESCRIPTION:a\\, b\\n\r\n c\\\r\n ;d\r\n\t\r\n e\\"


def test_folds_and_backslashes_are_not_read() -> None:
    assert Written(TEXT, 12, len(TEXT), escaped=True).text == "a, b\nc;de\\"
    assert Written("URL:https://x/\\a\r\n b", 4, 20, escaped=False).text == "https://x/\\ab"


def test_an_escaped_character_begins_at_its_backslash() -> None:
    written = Written(TEXT, 12, len(TEXT), escaped=True)
    assert [TEXT[written.origin(at)] for at in range(len(written.text))] == list("a\\ b\\c\\de\\")
    assert written.origin(len(written.text)) == len(TEXT)


@given(st.text("ab\\;,n \r\n\t"), st.integers(0, 5))
def test_the_way_back_rises_and_stays_inside(text: str, start: int) -> None:
    start = min(start, len(text))
    written = Written(text, start, len(text), escaped=True)
    places = [written.origin(at) for at in range(len(written.text) + 1)]
    assert places == sorted(set(places))
    assert all(start <= place <= len(text) for place in places)


@given(st.text("ab\\;,\n"))
def test_what_is_written_reads_the_same(value: str) -> None:
    written = escape_value(value)
    assert Written(written, 0, len(written), escaped=True).text == value
    assert FOLD.search(written) is None
