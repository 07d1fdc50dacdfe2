"""Inline OpenPGP in plain text (RFC 9580, 6.2 and 7): which stretches a signature or encryption covers.

Only a complete armoured region protects, from its BEGIN line to its END line. HTML has none: clients
verify armour in text/plain alone.
"""

import re
from dataclasses import dataclass

from bothways.message.encodings import PartText
from bothways.message.mime import Protection

_ARMOUR = re.compile(
    r"-----(?<![^\r\n]-----)(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE)-----[ \t]*+(?=[\r\n]|\Z)"
)

_BEGIN = "-----BEGIN PGP "


@dataclass(frozen=True, slots=True)
class Region:
    """Characters [start, end) of a text that a signature or encryption covers."""

    start: int
    end: int
    protection: Protection


def find_protected(part_text: PartText) -> tuple[Region, ...]:
    """Return the armoured regions of a text/plain part in order; none for any other type."""
    return find_armour(part_text.text) if part_text.part.content_type == "text/plain" else ()


def find_armour(text: str) -> tuple[Region, ...]:
    """Return the complete armoured regions of a text.

    A signed one is BEGIN PGP SIGNED MESSAGE, BEGIN PGP SIGNATURE, END PGP SIGNATURE; a begin line
    inside a region that does not belong there starts anew.
    """
    regions: list[Region] = []
    start, expected, protection = -1, "", Protection.NONE
    for line in _ARMOUR.finditer(text) if _BEGIN in text else ():
        marker = f"{line[1]} {line[2]}"
        if marker == "BEGIN SIGNED MESSAGE":
            start, expected, protection = line.start(), "BEGIN SIGNATURE", Protection.SIGNED
        elif marker == "BEGIN MESSAGE":
            start, expected, protection = line.start(), "END MESSAGE", Protection.ENCRYPTED
        elif start < 0 or marker != expected:
            start = -1
        elif marker == "BEGIN SIGNATURE":
            expected = "END SIGNATURE"
        else:
            regions.append(Region(start, line.end(), protection))
            start = -1
    return tuple(regions)
