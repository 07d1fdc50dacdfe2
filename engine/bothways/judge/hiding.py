"""The seldom ways in which declarations keep an element out of sight: cut, shrunk, faded or moved away."""

import re
from collections.abc import Mapping

_NUMBER = r"[+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)"
_ZERO = r"(?=[+.0])\+?+0*+(?:\.0[0-4]?\d*+)?+(?![.\d])"
"""A factor at which nothing can be made out: less than one in twenty."""
_SELDOM = frozenset(
    (
        *("content-visibility", "clip", "clip-path", "filter", "transform", "translate", "scale", "zoom"),
        *("object-position", "position", "-webkit-clip-path", "-webkit-filter", "-webkit-transform"),
    )
)
"""What nearly all styles have nothing of."""
_VALUES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("content-visibility", r"hidden"),
        ("filter", rf"\bopacity\(\s*+{_ZERO}|\balpha\(\s*+opacity\s*+=\s*+[0-4]\b"),
        (
            "clip-path",
            r"inset\(\s*+(?:[5-9]\d|\d{3,})(?:\.\d*+)?%|polygon\((?:\s*+0[a-z%]*+\s++0[a-z%]*+,?)++\)",
        ),
        ("clip-path", rf"(?:circle|ellipse)\(\s*+{_ZERO}"),
        ("transform", rf"(?:scale(?:x|y|3d)?|matrix)\(\s*+{_ZERO}|rotate[xy]\(\s*+90deg"),
        ("transform", r"translate(?:x|y|3d)?\([^)]*?-\d{4}"),
        ("translate", r"-\d{4}"),
        ("scale", rf"^{_ZERO}"),
        ("zoom", rf"^{_ZERO}"),
        ("object-position", r"(?<![\d.])\d{4}"),
    )
)
_SIDE = rf"({_NUMBER})[a-z]*+"
_CUT = re.compile(rf"rect\(\s*+{_SIDE}[\s,]++{_SIDE}[\s,]++{_SIDE}[\s,]++{_SIDE}")
_FAR = re.compile(r"-(?:\d{4}|[2-9]\d\d(?!\d))")
_VERY_FAR = re.compile(r"-\d{4}")
_FAR_AHEAD = re.compile(r"^\+?+\d{4}(?!\.?0*+%)")
_SIDES = ("left", "top", "right", "bottom", "inset")
_MARGINS = ("margin", "margin-left", "margin-top", "margin-right", "margin-bottom")
_LONG = 200
"""Characters of a value that are looked at."""


def find_seldom_hiding(style: str, declarations: Mapping[str, str]) -> str:
    """Give the declaration that hides, "" where none does; `style` holds them all as they are written."""
    if _SELDOM.isdisjoint(declarations):
        may_be_pulled = "-" in style and not declarations.keys().isdisjoint(_MARGINS)
        return _find_pulled(declarations) if may_be_pulled else ""
    for name, hides in _VALUES:
        value = declarations.get(name) or declarations.get(f"-webkit-{name}")
        if value and hides.search(value[:_LONG]):
            return f"{name}:{value[:_LONG]}"
    return _find_cut(declarations) or _find_moved(declarations) or _find_pulled(declarations)


def _find_cut(declarations: Mapping[str, str]) -> str:
    value = declarations.get("clip", "")[:_LONG]
    cut = _CUT.match(value)
    return f"clip:{value}" if cut and len({float(side) for side in cut.groups()}) == 1 else ""


def _find_moved(declarations: Mapping[str, str]) -> str:
    """Find an offset that no layout uses for anything that should be seen."""
    position = declarations.get("position")
    if position in {"absolute", "fixed", "relative"}:
        for name in _SIDES:
            value = declarations.get(name, "")[:_LONG]
            if _FAR.search(value) or (position == "fixed" and _FAR_AHEAD.search(value)):
                return f"{name}:{value}"
    return ""


def _find_pulled(declarations: Mapping[str, str]) -> str:
    margins = ((name, declarations.get(name, "")[:_LONG]) for name in _MARGINS)
    return next((f"{name}:{value}" for name, value in margins if _VERY_FAR.search(value)), "")
