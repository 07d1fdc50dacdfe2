"""Is a vendor's file fit to be used? What its schema cannot say: bounds, patterns that compile, steps.

A file that passes here cannot make matching or decoding fail, or cost more than a shipped one may.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bothways.urls.decoders import TAKERS, TURNERS, check_steps
from bothways.vendors.model import Shape, Vendor
from bothways.vendors.patterns import pattern

MOST_SHAPES = 32
LONGEST_PATTERN = 500
LARGEST_PROGRAM = 1_000
"""RE2's instructions: its time is linear in them in the worst case. The largest shipped one has 371."""

_KEY, _NUMBER, _NOTHING = ".+", r"\d{1,3}", ""
STEP_ARGUMENTS = dict.fromkeys((*TAKERS, *TURNERS), _NOTHING) | {
    "query": _KEY,
    "last-query": _KEY,
    "tail": _KEY,
    "path": r"[1-9]?",
    "path-and-query": r"[1-9]?",
    "json": _KEY,
    "querystring": _KEY,
    "part": f"{_KEY}:{_NUMBER}",
    "after": _KEY,
    "before": _KEY,
    "scheme": "https?",
    "swap": "(?:..)+",
    "sparkpost": _NUMBER,
    "without-suffix": _KEY,
}
"""What may stand behind a step's colon, as an expression over the whole of it."""


class Fault(NamedTuple):
    """What is wrong with a vendor's file: the key where it stands, and a sentence's end."""

    key: str
    problem: str


def find_faults(vendor: Vendor) -> list[Fault]:
    """List what keeps a vendor's shapes from being used; nothing for a good one."""
    shapes = [(f"open[{n}]", shape) for n, shape in enumerate(vendor.opens)]
    shapes += [(f"click[{n}]", shape) for n, shape in enumerate(vendor.clicks)]
    if len(shapes) > MOST_SHAPES:
        return [Fault("open", f"more than {MOST_SHAPES} open and click shapes")]
    return [
        fault
        for place, shape in shapes
        for fault in (*_judge_patterns(place, shape), *_judge_steps(place, shape))
    ]


def _judge_patterns(place: str, shape: Shape) -> Iterator[Fault]:
    if not shape.path.startswith("/"):
        yield Fault(f"{place}.path", "must begin with /, it is matched against the whole path")
    texts = {"path": shape.path, "host": shape.host, "whole_query": shape.whole_query}
    for key, text in (*texts.items(), *((f"query.{name}", wanted) for name, wanted in shape.query)):
        problem = _judge_pattern(text)
        if problem:
            yield Fault(f"{place}.{key}", problem)


def _judge_pattern(text: str) -> str:
    if len(text) > LONGEST_PATTERN:
        return f"longer than {LONGEST_PATTERN} characters"
    try:
        compiled = pattern(text)
    except ValueError as error:
        return f"no pattern that RE2 takes: {error}"
    too_large = getattr(compiled, "programsize", 0) > LARGEST_PROGRAM
    return "a pattern too large: lower its repeat counts" if too_large else ""


def _judge_steps(place: str, shape: Shape) -> Iterator[Fault]:
    if not shape.steps:
        return
    key = f"{place}.steps"
    try:
        check_steps(shape.steps)
    except ValueError as error:
        yield Fault(key, str(error))
        return
    for step in shape.steps:
        name, _, argument = step.partition(":")
        if not re.fullmatch(STEP_ARGUMENTS[name], argument, re.DOTALL):
            yield Fault(key, f"{step!r} does not say what the step {name!r} needs")
            return
    name, _, number = shape.steps[0].partition(":")
    if name.startswith("path") and _groups(shape.path) < int(number or 1):
        yield Fault(key, f"the path pattern has no group for {shape.steps[0]!r}")


def _groups(text: str) -> int:
    try:
        compiled: Any = pattern(text)
    except ValueError:
        return 0
    groups: int = getattr(compiled, "groups", 0)
    return groups
