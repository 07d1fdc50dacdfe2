"""Which patterns are answered by what, and that the answer is RE2's."""

import time

import pytest
import re2  # type: ignore[import-untyped]
from bothways.vendors.catalogue import shipped_catalogue
from bothways.vendors.patterns import Beginning, Expression, Literal, Steady, is_steady, pattern, write_out

TEXTS = ["", "/", "/open", "/open/x", "/o/1/2", "aHR0cHM6", "eyJhIjoxfQ", "\n", "é", "/t/ab-12.gif", "0" * 40]


def list_patterns() -> set[str]:
    shapes = [shape for v in shipped_catalogue().vendors.values() for shape in v.opens + v.clicks]
    texts = {text for shape in shapes for text in (shape.path, shape.host, shape.whole_query)}
    return (texts | {wanted for shape in shapes for _, wanted in shape.query}) - {"", ".+"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/ls/click", Literal),
        ("/wf/open\\.php", Literal),
        ("/open/.+", Beginning),
        ("/t/[0-9a-f]{40}/spacer\\.gif", Steady),
        ("/c/(eyJ[\\w.-]+)", Steady),
        ("/(?:uni/)?ls/click", Steady),
        ("[0-9a-f]{40,}|eyJ[\\w-]{40,}", Steady),
        ("/(?:\\w+/)*x", Expression),
        ("/(?:.*/)?lt\\.php", Expression),
        ("/.*[a-z]{16,}.*", Expression),
        ("/\\w+a", Expression),
        ("/\\w{2,}-?a", Expression),
        ("/[+--]", Expression),
    ],
)
def test_kinds(text: str, kind: type) -> None:
    assert type(pattern(text)) is kind


def test_choices_are_written_out() -> None:
    assert write_out("/a(?:b|c)?") == ["/ab", "/ac", "/a"]
    assert write_out("/(?:(?:x/)?y)?") == ["/x/y", "/", "/y"]
    assert write_out("a|b(?:c)?") == ["a", "bc", "b"]
    for text in ("[(|]a", "/(a|b)", "/(?:a|b)+", "\\(?:a"):
        assert write_out(text) == [text]


def test_runs_that_can_end_at_one_place_only() -> None:
    assert is_steady("/\\d+/\\w*-x")
    assert is_steady("/[^/]+/[0-9]{2}")
    assert not is_steady("/\\d*\\w")
    assert not is_steady("/[^/]*\\.gif")
    assert not is_steady("a?b?a")


@pytest.mark.parametrize("text", sorted(list_patterns()))
def test_answers_are_those_of_re2(text: str) -> None:
    compiled = re2.compile(text)
    for sample in [*TEXTS, text, text.replace("\\", ""), text.partition("[")[0] + "a1B2" * 12]:
        assert bool(pattern(text).fullmatch(sample)) == (compiled.fullmatch(sample) is not None), sample


def test_a_long_text_is_answered_at_once() -> None:
    start = time.process_time()
    for text in list_patterns():
        pattern(text).fullmatch("/" + "ab/" * 100_000)
    assert time.process_time() - start < 20
