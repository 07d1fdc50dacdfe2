"""Links in running text end where a person would end them."""

import pytest
from bothways.markup.references import find_text_links


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See http://a.example/b. Or https://c.example!", ["http://a.example/b", "https://c.example"]),
        ("(http://a.example/b)", ["http://a.example/b"]),
        ("http://a.example/b_(c), then", ["http://a.example/b_(c)"]),
        ("((http://a.example/b_(c)))", ["http://a.example/b_(c)"]),
        ("<http://a.example/b.>", ["http://a.example/b."]),
        ("\"http://a.example/\" and 'http://b.example/'", ["http://a.example/", "http://b.example/"]),
        ("[http://a.example/](http://b.example/)", ["http://a.example/", "http://b.example/"]),
        ("http://a.example/?x[]=1&y", ["http://a.example/?x[]=1&y"]),
        ("http://a.example/?t=abc_-", ["http://a.example/?t=abc_-"]),
        ("HTTPS://A.EXAMPLE/", ["HTTPS://A.EXAMPLE/"]),
        ("「http://a.example/b」と", ["http://a.example/b"]),
        ("http://bücher.example/ä", ["http://bücher.example/ä"]),
        ("http://a.example/\x00b", ["http://a.example/"]),
        ("http:// and http://... and xhttp://b and ftp://c", []),
        ("http://[::1]/x", ["http://[::1]/x"]),
    ],
)
def test_a_url_ends_where_it_ends_for_a_reader(text: str, urls: list[str]) -> None:
    found = find_text_links(text)
    assert [each.url for each in found] == urls
    assert [text[each.start : each.end] for each in found] == urls


def test_a_text_link_is_named_so() -> None:
    (found,) = find_text_links("go http://a.example/ now")
    assert (found.element, found.attribute, found.text) == ("text", "", "")
