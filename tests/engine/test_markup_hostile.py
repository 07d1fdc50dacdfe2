"""Hostile texts: an answer comes, whatever the text, and soon."""

import pytest
from bothways.markup.references import find, find_text_links
from hypothesis import given
from hypothesis import strategies as st

SIZE = 300_000
SHAPES = {
    "comments": "<!--",
    "conditions": "<!--[if mso]>",
    "open conditions": "<!--[if ",
    "dashes": "<!-- - -- - --",
    "tags": "<a ",
    "quotes": '<a b="',
    "ends": "</a b='",
    "angles": "<",
    "scripts": "<script><!--<script>",
    "sheets": "<svg><style>",
    "closed sheets": "<svg><style>url(a)</style>&amp;",
    "cdata": "<svg><![CDATA[",
    "contexts": "<template></noscript>",
    "urls": "<style>url(",
    "imports": "<style>@import url(a ",
    "strings": "<style>url('\n",
    "escapes": "<style>\\75\\72\\6c(",
    "functions": "<style>image-set((((",
    "documents": "<iframe srcdoc='&lt;iframe srcdoc=",
}
FILLED = {
    "attributes": ("<img ", "a=b ", ">"),
    "spaces": ("<img a", "     ", "=b>"),
    "candidates": ("<img srcset='", "a 1x, ", "'>"),
    "commas": ("<img srcset='", ",", "'>"),
    "style": ("<p style='", "url(a);image-set(", "'>"),
    "references": ("<p style='url(", "&amp;&#x41;&am", ")'>"),
    "digits": ("<p style='url(&#", "1", ")'>"),
    "pings": ("<a ping='", "a b ", "'>"),
    "tags in a sheet": ("<svg><style>", "<a ", ""),
    "ends in a sheet": ("<svg><style>", "</a ", ""),
    "declarations in a sheet": ("<svg><style>", "<! ", ""),
    "open conditions beside svg": ("<svg>", "<!--[", ""),
    "nested": ("<iframe srcdoc='", "&lt;img src=a>", "'>"),
}


@pytest.mark.parametrize("piece", SHAPES.values(), ids=SHAPES)
def test_constructs_without_an_end_are_read_once(piece: str) -> None:
    found = find(piece * (SIZE // len(piece)))
    assert len(found.references) <= SIZE // len(piece)


@pytest.mark.parametrize("parts", FILLED.values(), ids=FILLED)
def test_one_huge_construct_is_read_once(parts: tuple[str, str, str]) -> None:
    before, piece, after = parts
    html = before + piece * (SIZE // len(piece)) + after
    assert all(0 <= each.start <= each.end <= len(html) for each in find(html).references)


@pytest.mark.parametrize(
    "piece", ["http://a/(", "http://a/" + ")" * 50, "http://", "http://a...", "<http://"]
)
def test_running_text_is_read_once(piece: str) -> None:
    text = piece * (SIZE // len(piece))
    assert all(each.url.startswith("http://") for each in find_text_links(text))


@given(st.text(alphabet="<>!-[]&#;'\"=/\\ \n\0abimgsrc()@url:", max_size=60))
def test_any_text_gives_spans_inside_it(html: str) -> None:
    found = find(html)
    for each in (*found.references, *found.links):
        assert 0 <= each.start <= each.end <= len(html)
