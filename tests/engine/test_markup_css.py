"""URLs of CSS with their kinds and spans, on hand-made cases."""

import pytest
from bothways.markup.css import find_urls

URL, IMPORT, FONT, SET = "url", "import", "font", "image-set"


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a{background:url(x.png) red}", [("url(x.png)", "x.png", URL)]),
        ("a{background:URL( 'x y' )}", [("URL( 'x y' )", "x y", URL)]),
        (r"\75\72\6c(x)", [(r"\75\72\6c(x)", "x", URL)]),
        (r"url(\68ttp://a\29)", [(r"url(\68ttp://a\29)", "http://a)", URL)]),
        ('url("a\\\nb")', [('url("a\\\nb")', "ab", URL)]),
        ("url(unclosed", [("url(unclosed", "unclosed", URL)]),
        ('url("unclosed', [('url("unclosed', "unclosed", URL)]),
        ('url("a\\', [('url("a\\', "a", URL)]),
        ("--x: url(a)", [("url(a)", "a", URL)]),
        ("<!-- a{b:url(c)} -->", [("url(c)", "c", URL)]),
        ("src('a')", [("src('a')", "a", URL)]),
        ("@font-face{src:url(a)}b{c:url(d)}", [("url(a)", "a", FONT), ("url(d)", "d", URL)]),
        ("image-set('a' 1x,url(b) 2x)", [("'a'", "a", SET), ("url(b)", "b", URL)]),
        ("-webkit-image-set('a' type('b/c'))'d'", [("'a'", "a", SET)]),
        ("image('a')", [("'a'", "a", SET)]),
        ("cross-fade('a' 50%,\"b\")", [("'a'", "a", SET), ('"b"', "b", SET)]),
        ("x.AlphaImageLoader(sizingMethod='scale',src='a')", [("'a'", "a", SET)]),
    ],
)
def test_a_url_has_its_kind_and_span(css: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(css[each.start : each.end], each.url, each.kind) for each in find_urls(css)] == expected


@pytest.mark.parametrize(
    ("css", "url"),
    [
        ("@import 'a';", "a"),
        ('@import"";', ""),
        ("@import url(a) screen and (x:'y;z');", "a"),
        ("@IMPORT/**/url( 'a' )/* ; */;", "a"),
        (r"@\69mport \75rl(a);", "a"),
        ("@import 'a'", "a"),
    ],
)
def test_an_import_is_taken_as_a_whole_rule(css: str, url: str) -> None:
    (found,) = find_urls(css)
    assert (found.url, found.kind, found.start, found.end) == (url, IMPORT, 0, len(css))


def test_a_rule_behind_an_import_is_read_by_itself() -> None:
    css = "@import 'a';@import url(b);c{d:url(e)}"
    assert [(each.url, each.kind) for each in find_urls(css)] == [("a", IMPORT), ("b", IMPORT), ("e", URL)]


@pytest.mark.parametrize(
    "css",
    [
        "/* url(a) */",
        "'url(a)'",
        "url(a b)",
        "url('a\n')",
        "myurl(a) url-prefix-(a) 5url(a) #url(a) --url(a)",
        "@namespace url(a);",
        "@namespace x 'url(a)';",
        "@import nothing;",
        "content:'x' image()",
        "url (a)",
        "",
        "\\",
    ],
)
def test_what_loads_nothing_is_passed_over(css: str) -> None:
    assert find_urls(css) == []
