"""Start tags, their spans and contexts, on hand-made cases."""

import pytest
from bothways.markup.scanner import Tag, scan
from bothways.markup.tokens import Context


def one(html: str) -> Tag:
    (tag,) = scan(html)
    return tag


def names(html: str) -> list[str]:
    return [tag.name for tag in scan(html)]


@pytest.mark.parametrize(
    ("value", "quote", "expected"),
    [
        ('"a b"', '"', "a b"),
        ("'a\"b'", "'", 'a"b'),
        ("a/b", "", "a/b"),
        ('a"b', "", 'a"b'),
        ('""', '"', ""),
        ('"x>y"', '"', "x>y"),
        ("'&lt;&#x41;&#128;'", "'", "<A\N{EURO SIGN}"),
        ('"?a=1&copy=2&amp;b&amp=3"', '"', "?a=1&copy=2&b&amp=3"),
        ('"&copy;&copyx &copy"', '"', "\N{COPYRIGHT SIGN}&copyx \N{COPYRIGHT SIGN}"),
        ('"a\0b"', '"', "a\0b"),
    ],
)
def test_a_value_has_its_exact_span_and_is_decoded(value: str, quote: str, expected: str) -> None:
    html = f"text <IMG alt Src = {value} >"
    attribute = one(html).attribute("src")
    assert attribute is not None
    assert attribute.value == expected
    assert attribute.quote == quote
    assert html[attribute.value_start : attribute.value_end] == value.strip(quote or " ")
    assert html[attribute.start : attribute.end] == f"Src = {value}"


def test_the_first_of_duplicate_attributes_counts() -> None:
    tag = one("<img SRC=a src=b ALT>")
    assert [(each.name, each.value) for each in tag.attributes] == [("src", "a"), ("alt", "")]
    assert tag.get("alt") == ""
    assert tag.get("width") is None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="never closed><img src=b>', []),
        ("<img src=a", []),
        ("<p/><img/src=a>", ["p", "img"]),
        ("<!--><i>-->", ["i"]),
        ("<!---><i>", ["i"]),
        ("<!-- x --!><i>", ["i"]),
        ("<!-- <i> <b>", []),
        ("<!-x><i><?php <b>><u>", ["i", "u"]),
        ("</p title='>'><i></ <b>>", ["i"]),
        ("<![CDATA[<i>]]><b>", ["b"]),
        ("a < b <3 <i>", ["i"]),
        ("<lin\N{KELVIN SIGN}>", ["lin\N{KELVIN SIGN}"]),
    ],
)
def test_what_is_no_tag_is_passed_over_as_a_browser_does(html: str, expected: list[str]) -> None:
    assert names(html) == expected


@pytest.mark.parametrize(
    "name", ["style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "script", "TITLE"]
)
def test_raw_text_hides_tags_until_its_own_end_tag(name: str) -> None:
    assert names(f"<{name}><i></{name}x><b></{name.upper()} ><u>") == [name.lower(), "u"]
    assert names(f"<{name}><i>") == [name.lower()]


def test_plaintext_never_ends() -> None:
    assert names("<plaintext></plaintext><i>") == ["plaintext"]


def test_a_script_inside_a_comment_inside_a_script_does_not_end_it() -> None:
    assert names("<script><!--<script></script><i></script><b>") == ["script", "b"]
    assert names("<script><!--></script><b>") == ["script", "b"]


@pytest.mark.parametrize(
    ("html", "context"),
    [
        ("<!--[if mso]><i><![endif]-->", Context.CONDITIONAL_COMMENT),
        ("<!-- [ IF gte mso 9]><i><![endif]-->", Context.CONDITIONAL_COMMENT),
        ("<!--[if mso]><i>", Context.CONDITIONAL_COMMENT),
        ("<!--[if !mso]><!--><i><!--<![endif]-->", Context.NONE),
        ("<!--[if !mso]>--><i><!--<![endif]-->", Context.NONE),
        ("<![if !mso]><i><![endif]>", Context.NONE),
        ("<!--[if mso]><p <![endif]--><i>", Context.NONE),
    ],
)
def test_the_inside_of_a_conditional_comment_is_markup(html: str, context: Context) -> None:
    assert [(tag.name, tag.context) for tag in scan(html)] == [("i", context)]


def test_raw_text_inside_a_conditional_comment_ends_with_it() -> None:
    html = "<!--[if mso]><style>a<![endif]--><i><!--[if mso]><!--[if ie]><b><![endif]--><u>"
    contexts = [(tag.name, str(tag.context)) for tag in scan(html)]
    inside = "conditional_comment"
    assert contexts == [("style", inside), ("i", ""), ("b", inside), ("u", "")]


def test_noscript_and_template_are_contexts_until_they_close() -> None:
    html = "<noscript><i></noscript><template><b></template><u>"
    contexts = {tag.name: str(tag.context) for tag in scan(html)}
    assert (contexts["i"], contexts["b"], contexts["u"]) == ("noscript", "template", "")
