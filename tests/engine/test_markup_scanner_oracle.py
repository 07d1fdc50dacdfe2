"""The scanner against a full HTML parser, on generated soup: the same tags, spans and attributes."""

import turbohtml
from bothways.markup.references import find
from bothways.markup.scanner import Tag, scan
from hypothesis import given, settings
from hypothesis import strategies as st

PIECES = (
    *("<img src=a>", "<IMG\tSRC='b'/>", '<td style="x">', "<a href=c/>", "<p", "</p", "</p>", "</", "<"),
    *(">", "<3", '"', "'", "=", "/", " ", "\n", "\t", "\f", "\r", "\0", "-", "--", "-->", "--!>", "<!"),
    *("<!-", "<!--", "<!-->", "<!--->", "<!doctype html>", "<?xml", "<![CDATA[", "]]>", "<![if !mso]>"),
    *("<![endif]-->", "x", "X='", ' y="', " z=q", "é", "&amp;", "&amp", "&copy=", "&#65;", "&#x41"),
    *("&#128;", "&notit;", "&#0;", "&#99999999;", "&bogus;", "&", "<style>", "</style>", "</style "),
    *("</STYLE/>", "<title>", "</title>", "<textarea>", "</textarea>", "<xmp>", "</xmp>", "<script>"),
    *("</script>", "</script", "<script ", "<iframe>", "</iframe>", "<noembed>", "</noembed>"),
    *("<noframes>", "</noframes>", "<plaintext>", "<template>", "</template>", "<image src=i>", "<br>"),
    *("<tr>", "<div/ x>", "<x\0y>"),
)
soup = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
# The oracle does not know a carriage return as white space: it gets a tab in its place.


def normal(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\r", "\t")


def normal_source(text: str) -> str:
    return text.replace("\r", "\t")


def read(tag: Tag) -> tuple[str, list[tuple[str, str]]]:
    return normal(tag.name), [(normal(each.name), normal(each.value)) for each in tag.attributes]


@given(soup)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_the_scanner_sees_the_tags_a_browsers_tokenizer_sees(html: str) -> None:
    expected = [
        (token.tag, [(name, value or "") for name, value in token.attrs], token.source)
        for token in turbohtml.tokenize(html.replace("\r", "\t"), capture_source=True)
        if token.type is turbohtml.TokenType.START_TAG
    ]
    assert [(*read(tag), normal_source(html[tag.start : tag.end])) for tag in scan(html)] == expected


@given(soup)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_attribute_spans_are_those_of_a_full_parser(html: str) -> None:
    tags = {tag.start: tag for tag in scan(html)}
    for element in turbohtml.parse(html.replace("\r", "\t"), source_locations=True).find_all("img"):
        if (location := element.source_location) and location.start_tag and location.attrs:
            ours = {
                each.name: (each.start, each.end) for each in tags[location.start_tag.start_offset].attributes
            }
            theirs = {name: (span.start_offset, span.end_offset) for name, span in location.attrs.items()}
            assert {normal(name): span for name, span in ours.items()} == theirs


FOREIGN = ("<svg>", "</svg>", "<math>", "</math>", "<desc>", "<foreignObject>", "</foreignObject>", "<svg/>")


@given(st.lists(st.sampled_from(PIECES + FOREIGN * 3), max_size=25).map("".join))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_no_image_of_the_tree_is_missed_inside_svg_and_math(html: str) -> None:
    found = {reference.tag.start for reference in find(html).references if reference.tag}
    for element in turbohtml.parse(html.replace("\r", "\t"), source_locations=True).find_all("img"):
        location = element.source_location
        if location and location.start_tag and "src" in element.attrs:
            assert location.start_tag.start_offset in found
