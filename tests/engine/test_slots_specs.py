"""Every attribute that holds a URL by the specifications of HTML, SVG, MathML, AMP and VML has its row.

HTML: the attribute index of the living standard and its obsolete features; SVG 1.1, 2 and Tiny 1.2; MathML 3.
"""

import pytest
from bothways.markup.references import find

URL = "https://a.example/x"

LOADS = """
    a:ping a:attributionsrc area:ping audio:src body:background embed:src frame:src html:manifest
    iframe:src img:src img:srcset img:lowsrc img:dynsrc img:attributionsrc input:src link:href
    link:imagesrcset
    object:data object:codebase object:archive object:classid applet:code applet:codebase applet:archive
    script:src source:src source:srcset table:background td:background track:src video:src video:poster
    bgsound:src portal:src fencedframe:src model:src model:poster layer:src ilayer:src xml:src sound:src
    menuitem:icon command:icon math:background
    image:href image:xlink:href use:href use:xlink:href feImage:href feImage:xlink:href
    script:href script:xlink:href
    linearGradient:xlink:href radialGradient:href pattern:href filter:xlink:href mpath:href textPath:href
    tref:xlink:href cursor:xlink:href font-face-uri:xlink:href color-profile:xlink:href altGlyph:xlink:href
    glyphRef:xlink:href prefetch:xlink:href animation:xlink:href foreignObject:xlink:href
    mglyph:src math:altimg annotation:src annotation-xml:src
    amp-img:src amp-img:srcset amp-anim:src amp-pixel:src amp-list:src amp-state:src amp-autocomplete:src
    amp-video:src amp-video:poster amp-audio:src amp-iframe:src
    v:fill:src v:imagedata:src v:image:src v:stroke:src v:fill:o:href v:imagedata:althref
    svg:image:xlink:href h:img:srcset h:iframe:src h:video:poster k:image:k:href
"""
LINKS = """
    a:href a:xlink:href area:href form:action button:formaction input:formaction v:roundrect:href v:image:href
    math:href mi:href mrow:xlink:href maction:href mglyph:href semantics:href mtd:href svg:a:xlink:href
"""
NEITHER = """
    blockquote:cite q:cite del:cite ins:cite img:usemap head:profile div:itemid div:itemtype
    csymbol:definitionurl
    svg:xml:base meta:content base:href param:value
"""


def split_row(row: str) -> tuple[str, str]:
    """Split `element:attribute`, of which either may have a prefix."""
    words = row.split(":")
    prefixed = words[0] in ("v", "svg", "h", "k") and len(words) > 2
    return (":".join(words[:2]), ":".join(words[2:])) if prefixed else (words[0], ":".join(words[1:]))


def rows(table: str) -> list[tuple[str, str]]:
    return [split_row(row) for row in table.split()]


@pytest.mark.parametrize(("element", "attribute"), rows(LOADS))
def test_an_attribute_that_loads_is_a_reference(element: str, attribute: str) -> None:
    found = find(f'<{element} rel="stylesheet" {attribute}="{URL}">')
    assert [reference.url for reference in found.references] == [URL]
    assert found.links == ()


@pytest.mark.parametrize(("element", "attribute"), rows(LINKS))
def test_an_attribute_that_leads_somewhere_is_a_link(element: str, attribute: str) -> None:
    found = find(f'<{element} {attribute}="{URL}">')
    assert [link.url for link in found.links] == [URL]
    assert found.references == ()


@pytest.mark.parametrize(("element", "attribute"), rows(NEITHER))
def test_an_attribute_that_only_informs_is_neither(element: str, attribute: str) -> None:
    found = find(f'<{element} {attribute}="{URL}">')
    assert (found.references, found.links) == ((), ())


PRESENTATION = "clip-path cursor fill filter marker-end marker-mid marker-start mask stroke style"


@pytest.mark.parametrize("attribute", PRESENTATION.split())
def test_a_presentation_attribute_loads(attribute: str) -> None:
    value = f"fill:url({URL})" if attribute == "style" else f"url({URL})"
    for text in (f'<rect {attribute}="{value}"/>', f'<set attributeName="{attribute}" to="url({URL})"/>'):
        assert [reference.url for reference in find(f"<svg>{text}</svg>").references] == [URL]


@pytest.mark.parametrize("name", ["href", "xlink:href", "k:href"])
def test_an_animated_address_loads(name: str) -> None:
    html = f'<svg><animate attributeName="{name}" values=" {URL} ;data:,;{URL}?2" from="{URL}?3"/></svg>'
    assert {reference.url for reference in find(html).references} == {
        URL,
        "data:,",
        f"{URL}?2",
        f"{URL}?3",
    }


def test_an_animated_number_loads_nothing() -> None:
    assert find('<svg><animate attributeName="r" values="1;2" from="1" to="2"/></svg>').references == ()
