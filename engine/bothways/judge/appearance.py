"""What a reader would see of an element, as far as its own tag tells: its size, and whether it is hidden.

Sizes follow HTML's "rules for parsing dimension values" for attributes (a leading number counts as CSS
pixels, whatever unit follows) and CSS absolute lengths for styles, which win over attributes.
"""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bothways.judge.hiding import find_seldom_hiding
from bothways.markup.css_grammar import unescape

if TYPE_CHECKING:
    from bothways.markup.scanner import Tag

_DIMENSION = re.compile(r"[\t\n\f\r ]*\+?(\d++(?:\.\d*+)?+)(%?+)", re.ASCII)
_LENGTH = re.compile(
    r"\s*+(?:(?:calc|min)\(\s*+)?+([+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)(?:e[+-]?+\d++)?+)\s*+([a-z%]*+)(?!\s*+[-+*/])"
)
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+\*/")
_IMPORTANT = re.compile(r"!\s*+important")
_CUTTING = frozenset(("hidden", "clip", "auto", "scroll"))
_PADDINGS = ("padding", "padding-top", "padding-bottom", "padding-left")
_SOME = re.compile(r"[1-9]\d")
"""Of a length or share: more than nine."""
_SIDES = {"width": "inline-size", "height": "block-size"}
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "em": 16.0,
    "rem": 16.0,
    "q": 0.945,
    "ex": 8.0,
    "ch": 8.0,
}
_TINY_AREA = 12
"""In square pixels: beacons of 2x6, 3x2 and 10x1 are seen in mail; no picture is that small."""
_SPECK = 3
"""In pixels: a bound of a side that leaves no room for a picture, whatever the side is."""
_FAINT = 0.05
"""The opacity at which nothing can be made out."""
_HIDING = {"display": ("none",), "visibility": ("hidden", "collapse"), "mso-hide": ("all",)}
"""The properties that hide, by these values."""
_SHARE_OF_NOTHING = 0.3
"""In percent: a share of whatever it is of that comes to a few pixels."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Declared width and height in CSS pixels, and the declaration that hides.

    None is a side nobody declared, infinity a share of something unknown; `hidden_by` is ""
    where nothing hides.
    """

    width: float | None = None
    height: float | None = None
    hidden_by: str = ""

    @property
    def tiny(self) -> bool:
        """True for a size at which no picture can be made out."""
        width, height = self.width, self.height
        if width is None:
            if height is None:
                return False
            width = height  # a browser keeps the proportions of an image of which one side is declared
        elif height is None:
            height = width
        return width == 0 or height == 0 or width * height <= _TINY_AREA

    @property
    def collapsed(self) -> bool:
        """True where a declaration hides it or leaves a side no room, as other screens' images are."""
        return bool(self.hidden_by) or 0 in {self.width, self.height}

    @property
    def visible(self) -> bool:
        """True unless the tag itself says that nobody sees it."""
        return not self.hidden_by and not self.tiny

    def opened(self) -> "Appearance":
        """Give what is declared without what hides or leaves no room."""
        return Appearance(self.width or None, self.height or None)


NOTHING_DECLARED = Appearance()
"""Of what stands in no tag."""
DECLARING = ("style", "width", "height", "hidden")
"""The attributes that are looked at: tags with the same ones look the same."""


def look(tag: "Tag | None") -> Appearance:
    """Read the declared appearance off a tag."""
    return NOTHING_DECLARED if tag is None else look_at_values(*tag.get_each(DECLARING))


def look_at_values(
    style: str | None, width: str | None, height: str | None, hidden: str | None
) -> Appearance:
    """Read the appearance off the values of the attributes that declare it."""
    if not style:
        return Appearance(_dimension(width), _dimension(height), "" if hidden is None else "hidden")
    declarations = parse_declarations(style)
    return Appearance(
        _side(width, declarations, "width"),
        _side(height, declarations, "height"),
        _hiding(style, declarations) if hidden is None else "hidden",
    )


def look_at_rule(style: str) -> Appearance:
    """Read the appearance that a rule of a style sheet declares, of which `style` are the declarations."""
    declarations = parse_declarations(style)
    width, height = _declared(declarations, "width"), _declared(declarations, "height")
    return Appearance(width, height, _hiding(style, declarations))


def _side(value: str | None, declarations: dict[str, str], name: str) -> float | None:
    declared = _declared(declarations, name)
    return _dimension(value) if declared is None and name not in declarations else declared


def _declared(declarations: dict[str, str], name: str) -> float | None:
    limit = _css_length(declarations.get(f"max-{name}"))
    if limit is not None and limit <= _SPECK:
        return limit
    return _css_length(declarations.get(name) or declarations.get(_SIDES[name]))


def find_hiding(tag: "Tag") -> str:
    """Give what in a tag hides all that is in its element, "" where nothing does."""
    if tag.get("hidden") is not None:
        return "hidden"
    style = tag.get("style") or ""
    declarations = parse_declarations(style)
    return _hiding(style, declarations) or _find_no_room(declarations)


def _find_no_room(declarations: dict[str, str]) -> str:
    """Find a side that leaves no room for what overflows it; a padding does (`height:0; padding-top:56%`)."""
    overflow = declarations.get("overflow", declarations.get("overflow-y", ""))
    if overflow in _CUTTING and not any(_SOME.search(declarations.get(name, "")) for name in _PADDINGS):
        for name in _SIDES:
            side = _declared(declarations, name)
            if side is not None and side <= _SPECK:
                return f"{name}:{side:g}"
    return ""


def parse_declarations(style: str) -> dict[str, str]:
    """Split a style attribute into lower-cased declarations; `!important` wins over a later plain one."""
    found: dict[str, str] = {}
    important: set[str] = set()
    if "/*" in style or "\\" in style:
        style = unescape(_COMMENT.sub(" ", style))
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip(), value.strip()
        if not (colon and name):
            continue
        if "!" in value and _IMPORTANT.search(value):
            important.add(name)
            value = _IMPORTANT.sub("", value).strip()
        elif name in important:
            continue
        found[name] = value
    return found


def _hiding(style: str, declarations: dict[str, str]) -> str:
    for name, values in _HIDING.items():
        if declarations.get(name) in values:
            return f"{name}:{declarations[name]}"
    faintness = declarations.get("opacity")
    opacity = _LENGTH.match(faintness) if faintness else None
    if opacity and float(opacity[1]) <= (_FAINT * 100 if opacity[2] == "%" else _FAINT):
        return f"opacity:{float(opacity[1]):g}{opacity[2]}"
    return find_seldom_hiding(style, declarations)


def _dimension(value: str | None) -> float | None:
    match = _DIMENSION.match(value) if value else None
    if match is None:
        return None
    number = float(match[1])
    return math.inf if match[2] and number else number


def _css_length(value: str | None) -> float | None:
    match = _LENGTH.match(value) if value else None
    if match is None:
        return None
    number = float(match[1])
    if number == 0:
        return 0.0
    if match[2] not in _PIXELS and number < _SHARE_OF_NOTHING:
        return 1.0
    # A share of something unknown (%, vw) is hardly ever tiny: a line of 100% x 1 is a divider.
    return number * _PIXELS.get(match[2], math.inf)
