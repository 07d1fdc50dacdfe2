"""References and links of an HTML text: which slot, which URL, which span."""

import pytest
from bothways.markup.references import Link, Reference, find
from bothways.markup.slots import Resource


def loads(html: str) -> list[tuple[str, str, str]]:
    return [(each.element, each.attribute, each.url) for each in find(html).references]


def one(html: str) -> Reference:
    (reference,) = find(html).references
    return reference


def link(html: str) -> Link:
    (found,) = find(html).links
    return found


@pytest.mark.parametrize(
    ("html", "element", "attribute", "resource"),
    [
        ("<img src=%>", "img", "src", "image"),
        ("<image src=%>", "img", "src", "image"),
        ("<img lowsrc=%>", "img", "lowsrc", "image"),
        ("<img dynsrc=%>", "img", "dynsrc", "image"),
        ("<img srcset='% 2x'>", "img", "srcset", "image"),
        ("<input type=image src=%>", "input", "src", "image"),
        ("<table background=%>", "table", "background", "image"),
        ("<DIV BACKGROUND = %>", "div", "background", "image"),
        ("<td style='background:url(%)'>", "td", "style", "image"),
        ("<p style='background:&#117;rl(%)'>", "p", "style", "image"),
        (r"<p style='background:\75rl(%)'>", "p", "style", "image"),
        ("<style>a{b:url(%)}</style>", "style", "css_url", "image"),
        ("<style><!-- @import '%'; --></style>", "style", "css_import", "stylesheet"),
        ("<style>@font-face{src:url(%)}</style>", "style", "css_font", "font"),
        ("<link rel='alternate stylesheet' href=%>", "link", "href", "stylesheet"),
        ("<link rel=dns-prefetch href=%>", "link", "href", "prefetch"),
        ("<link href=%>", "link", "href", "other"),
        ("<script src=%></script>", "script", "src", "script"),
        ("<iframe src=%></iframe>", "iframe", "src", "frame"),
        ("<frame src=%>", "frame", "src", "frame"),
        ("<object data=%>", "object", "data", "object"),
        ("<object codebase=%>", "object", "codebase", "object"),
        ("<embed src=%>", "embed", "src", "object"),
        ("<audio src=%>", "audio", "src", "media"),
        ("<video poster=%>", "video", "poster", "image"),
        ("<source srcset=%>", "source", "srcset", "image"),
        ("<track src=%>", "track", "src", "media"),
        ("<bgsound src=%>", "bgsound", "src", "media"),
        ("<meta http-equiv=Refresh content='0; url=%'>", "meta", "content", "navigation"),
        ("<a ping='%'>", "a", "ping", "ping"),
        ("<svg><image xlink:href=%>", "image", "xlink:href", "image"),
        ("<svg><rect filter='url(%)'>", "rect", "filter", "image"),
        ("<!--[if mso]><v:fill src=%><![endif]-->", "v:fill", "src", "image"),
        ("<!--[if mso]><v:imagedata src=%><![endif]-->", "v:imagedata", "src", "image"),
        ("<amp-pixel src=%>", "amp-pixel", "src", "image"),
    ],
)
def test_every_slot_is_found_under_its_name(html: str, element: str, attribute: str, resource: str) -> None:
    found = one(html.replace("%", "http://t.example/o?a&amp;b"))
    # a style element's text knows no character references
    assert found.url == "http://t.example/o?a" + ("&amp;b" if element == "style" else "&b")
    assert (found.element, found.attribute, found.resource) == (element, attribute, Resource(resource))


@pytest.mark.parametrize(
    ("html", "span"),
    [
        ("<img alt='é' src=' u&amp; '>", " u&amp; "),
        ("<img src=''>", ""),
        ("<i style='a:&quot;&quot;;b:url(&quot;u&quot;) x'>", "url(&quot;u&quot;)"),
        ("<style>a{b:url('u') x}</style>", "url('u')"),
        ("<style>@import url(u) screen ;b{}</style>", "@import url(u) screen ;"),
        ("<meta http-equiv=refresh content='5;&#85;RL=\"u\"'>", "u"),
        ("<iframe srcdoc='&lt;img src=&quot;u&amp;amp;v&quot;>'>", "u&amp;amp;v"),
        ("<svg><style>a{b:url(&quot;u&quot;)}</style>", "url(&quot;u&quot;)"),
    ],
)
def test_the_span_covers_the_value_as_written(html: str, span: str) -> None:
    found = one(html)
    assert html[found.start : found.end] == span


def test_each_candidate_of_a_srcset_has_its_own_span() -> None:
    html = "<img srcset=', a.png 1x,b.png (2x, y) 2w,,data:x,y 3x,&#99;.png,d.png,'>"
    spans = [(each.url, html[each.start : each.end]) for each in find(html).references]
    assert [url for url, _ in spans] == ["a.png", "b.png", "data:x,y", "c.png,d.png"]
    assert spans[-1][1] == "&#99;.png,d.png"


def test_a_url_is_tidied() -> None:
    assert one("<img src=' \x01ht\ttp://a\r\n.b/\0c&#10;d e '>").url == "http://a.b/cd e"


@pytest.mark.parametrize(
    "html",
    [
        "<svg><title><img src=a></title>",
        "<svg/><title><p alt='</title><img src=a>'>",
        "<svg><![CDATA[><p alt=']]><img src=a>'>",
        "<svg/><p alt='<![CDATA['><img src=a>",
        "<svg/><![CDATA[><img src=a>]]>",
        "<math><style><img src=a></style>",
    ],
)
def test_what_one_reading_of_svg_hides_another_sees(html: str) -> None:
    assert loads(html) == [("img", "src", "a")]


def test_what_opens_inside_noscript_may_close_outside() -> None:
    assert loads('<noscript><p title="</noscript><img src=a>"></noscript>') == [("img", "src", "a")]


def test_inner_documents_are_lifted_with_their_tags() -> None:
    html = "<p><iframe srcdoc='<img width=1 src=&quot;u&quot;><a href=v>t</a>'></iframe>"
    found = one(html)
    assert found.tag is not None
    assert html[found.tag.start : found.tag.end] == "<img width=1 src=&quot;u&quot;>"
    assert (found.tag.get("width"), str(found.context)) == ("1", "srcdoc")
    assert (link(html).url, html[link(html).start]) == ("v", "v")


def test_a_lifted_tag_without_attributes_has_none() -> None:
    found = one("<iframe srcdoc=\"&lt;style&gt;@import 'u'&lt;/style&gt;\"></iframe>")
    assert found.tag is not None
    assert (found.tag.name, found.tag.attributes, list(found.tag.names)) == ("style", (), [])


def test_context_and_position_are_given() -> None:
    html = (
        "<img src=a><noscript><img src=b></noscript><template><img src=c></template><!--[if mso]><img src=d>"
    )
    found = find(html).references
    assert [str(each.context) for each in found] == ["", "noscript", "template", "conditional_comment"]
    assert [each.position for each in found] == [each.start / len(html) for each in found]


def test_other_meta_and_plain_styles_load_nothing() -> None:
    assert loads("<meta property=og:image content='http://a/'><td style='color:red' class=background>") == []
    assert loads("<meta http-equiv=refresh content='5'>") == []


def test_the_first_base_counts() -> None:
    assert find("<base target=x><base href=' http://a/ '><base href='http://b/'>").base == "http://a/"
    assert find("<!--[if mso]><base href=a><![endif]-->").base == ""


@pytest.mark.parametrize(
    ("html", "element", "attribute"),
    [
        ("<a href=%>", "a", "href"),
        ("<area href=%>", "area", "href"),
        ("<form action=%>", "form", "action"),
        ("<button formaction=%>", "button", "formaction"),
        ("<svg><a xlink:href=%>", "a", "xlink:href"),
        ("<!--[if mso]><v:roundrect href=%><![endif]-->", "v:roundrect", "href"),
    ],
)
def test_links_are_found_under_their_names(html: str, element: str, attribute: str) -> None:
    found = link(html.replace("%", "http://a.example/?b&amp;c"))
    assert (found.element, found.attribute, found.url) == (element, attribute, "http://a.example/?b&c")


@pytest.mark.parametrize(
    ("anchor", "text"),
    [
        ('<a href="u"> Sign \n <b>up</b>&nbsp;&amp; go</a> tail', "Sign up & go"),
        ("<a href=u>first<a href=#>second", "first"),
        ("<a href=u><!-- > --><img alt=x>Buy</a>", "Buy"),
        ("<a href=u>" + "x" * 300 + "</a>", "x" * 200),
        ("<a href=u>", ""),
    ],
)
def test_a_link_carries_its_text(anchor: str, text: str) -> None:
    found = find(anchor).links[0]
    assert found.text == text
    assert anchor[found.start : found.end] == "u"


def test_a_link_inside_an_attribute_keeps_the_text_of_its_own_document() -> None:
    found = find('<iframe srcdoc="<a href=v>Fish &amp;amp; &lt;b>chips</a>"></iframe>').links[0]
    assert (found.url, found.text) == ("v", "Fish & chips")


def test_a_cdata_section_that_nothing_closes_hides_no_other_reading() -> None:
    found = find('<svg><![CDATA[x><script><!--[if mso]><v:fill src="https://t.example/o">')
    assert [each.url for each in found.references] == ["https://t.example/o"]
