"""What a tag declares of its size and visibility."""

import math

import pytest
from bothways.judge.appearance import Appearance, look, parse_declarations
from bothways.markup.references import find


def look_at(attributes: str) -> Appearance:
    (reference,) = find(f'<img src="https://a.example/x" {attributes}>').references
    return look(reference.tag)


@pytest.mark.parametrize(
    "attributes",
    [
        'width="1" height="1"',
        "width=0 height=0",
        'width="2" height="6"',
        'width="3" height="2"',
        'width="10" height="1"',
        'width="1"',
        'height="0" width="600"',
        'style="width:1px;height:1px"',
        'width="288" height="90" style="max-height:0"',
        'width="40" height="40" style="width: 0.01in !important; height: 1px"',
        'width="1.3541in" height="1"',
        'style="max-width:1px;max-height:1px"',
        'width="600" style="max-width:2px;height:2px"',
    ],
)
def test_tiny(attributes: str) -> None:
    assert look_at(attributes).tiny
    assert not look_at(attributes).visible


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        'width="600" height="340"',
        'width="100%" height="1"',
        'width="1" height="29"',
        'width="1" height="1" style="width:130px;height:40px"',
        'style="width:1.3541in"',
        'alt="logo" width="auto"',
        'style="max-width:100%"',
        'width="24" style="max-width:24px;max-height:24px"',
    ],
)
def test_not_tiny(attributes: str) -> None:
    assert not look_at(attributes).tiny
    assert look_at(attributes).visible


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("display:none", "display:none"),
        ("DISPLAY : NONE !important; display: block", "display:none"),
        ("visibility: hidden", "visibility:hidden"),
        ("mso-hide:all", "mso-hide:all"),
        ("opacity:0.0", "opacity:0"),
        ("opacity:.01", "opacity:0.01"),
        ("opacity:1%", "opacity:1%"),
        ("position:absolute; left:-9999px", "left:-9999px"),
        ("position:relative; bottom: -4000px", "bottom:-4000px"),
        ("position:fixed; left:99999px", "left:99999px"),
        ("margin:0 0 0 -9999px", "margin:0 0 0 -9999px"),
        ("MARGIN-LEFT:-9999px", "margin-left:-9999px"),
        ("m\\61rgin:-9999px", "margin:-9999px"),
        ("display:/**/n\\6fne", "display:none"),
        ("display:none ! important", "display:none"),
        ("opacity:1e-9", "opacity:1e-09"),
        ("content-visibility:hidden", "content-visibility:hidden"),
        ("filter:blur(1px) opacity(0)", "filter:blur(1px) opacity(0)"),
        ("filter:alpha(opacity=0)", "filter:alpha(opacity=0)"),
        ("clip:rect(1px,1px,1px,1px)", "clip:rect(1px,1px,1px,1px)"),
        ("clip-path:inset(50%)", "clip-path:inset(50%)"),
        ("-webkit-clip-path:circle(0)", "clip-path:circle(0)"),
        ("clip-path:polygon(0 0, 0px 0px,0 0)", "clip-path:polygon(0 0, 0px 0px,0 0)"),
        ("transform:rotate(3deg) scale(0)", "transform:rotate(3deg) scale(0)"),
        ("transform:translateX(-9999px)", "transform:translatex(-9999px)"),
        ("scale:0.01", "scale:0.01"),
        ("zoom:.001", "zoom:.001"),
        ("object-position:9999px 0", "object-position:9999px 0"),
    ],
)
def test_hidden(style: str, why: str) -> None:
    appearance = look_at(f'width="288" height="90" style="{style}"')
    assert appearance.hidden_by == why
    assert not appearance.visible


def test_hidden_attribute_hides() -> None:
    assert look_at("hidden").hidden_by == "hidden"


@pytest.mark.parametrize(
    "style",
    [
        *("display:block", "opacity:.5", "position:absolute;left:-3px", "left:-9999px", "opacity:x"),
        *(
            "filter:opacity(.5)",
            "filter:alpha(opacity=50)",
            "clip:rect(0,90px,90px,0)",
            "clip-path:inset(5%)",
        ),
        *("clip-path:circle(50%)", "transform:scale(.5)", "transform:scale(x)", "scale:1", "zoom:0.5"),
        *("margin:-20px 0", "transform:translate(-50%,-50%)", "position:relative;top:1000px"),
    ],
)
def test_not_hidden(style: str) -> None:
    assert look_at(f'style="{style}"').hidden_by == ""


@pytest.mark.parametrize(
    "style", ["width:calc(1px);height:min(1px, 9%)", "inline-size:0;block-size:0", "width:.1vw;height:.1vw"]
)
def test_a_side_may_be_written_in_seldom_ways(style: str) -> None:
    assert look_at(f'style="{style}"').tiny


@pytest.mark.parametrize(
    "style", ["width:calc(100% - 1px)", "width:calc(1px + 9em)", "width:50vw", "inline-size:9em"]
)
def test_a_side_in_seldom_ways_is_not_tiny(style: str) -> None:
    assert not look_at(f'style="{style}"').tiny


def test_a_percentage_is_not_tiny_whatever_its_number() -> None:
    assert look_at('width="1%"').width == math.inf


def test_declarations_ignore_what_is_none() -> None:
    assert parse_declarations("color;;:;width:1px;WIDTH:2px") == {"width": "2px"}


def test_no_tag_is_visible() -> None:
    assert look(None).visible
