"""What the first look at each message decided, kept in bounded memory (the ledger keeps it for good)."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bothways.message.plan import Edit
from bothways.message.receipts import asks_for_receipt
from bothways.wire.events import Extent, Where
from bothways.wire.overlay import Overlay
from bothways.wire.sections import HEAD, Sections

DEFAULT_BUDGET = 16 << 20
"""Octets that all looks at the mail of one server may take."""
_EMPTY = 400
_PER_EDIT = 200
_PER_SECTION = 120
_PER_HEAD = 120 + HEAD
_NO_HEADS: Mapping[int, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Look:
    """The edits of a message, as far as it was looked at.

    `sections` is None where nobody has asked for a section yet: a message that came whole needs none.
    `heads` are the first octets of each, by where it begins, as the server has them.
    `is_recorded`: what the whole message is was reported, before and after.
    """

    edits: tuple[Edit, ...]
    extent: Extent
    sections: Sections | None = None
    is_recorded: bool = False
    heads: Mapping[int, bytes] = _NO_HEADS

    def start_of(self, section: str) -> int | None:
        """Give the octet of the message at which a section begins, None where that is not known."""
        if section in {"", "HEADER"}:
            return 0
        return self.sections.get(section) if self.sections else None

    def overlay_all(self) -> Overlay:
        """Give what cleans the message from its first octet on."""
        return Overlay(self.edits, 0)

    def overlay(self, section: str, origin: int) -> Overlay | None:
        """Give what cleans a stretch of a section, None where it is not known where that stands."""
        start = self.start_of(section)
        return None if start is None else Overlay(self.edits, start + origin)

    def head_of(self, section: str, origin: int) -> bytes:
        """Give the octets that a stretch of a section begins with, as far as they are known."""
        start = self.start_of(section)
        return b"" if start is None else self.heads.get(start, b"")[origin:]

    def without(self, section: str) -> "Look":
        """Give this look for a server to whom this section is another one."""
        others = {name: start for name, start in (self.sections or {}).items() if name != section}
        return replace(self, sections=others)

    @property
    def needs_hashes(self) -> bool:
        """Whether the way back of this message is not known yet: its end was not there to be looked at."""
        return bool(self.edits) and not self.is_whole and not self.is_recorded

    @property
    def is_whole(self) -> bool:
        """Whether all of the message was looked at."""
        return self.extent is Extent.WHOLE

    @property
    def cost(self) -> int:
        """About how many octets of memory this takes."""
        octets = sum(len(edit.original) + len(edit.replacement) + _PER_EDIT for edit in self.edits)
        return _EMPTY + octets + _PER_SECTION * len(self.sections or ()) + _PER_HEAD * len(self.heads)

    @property
    def silenced(self) -> frozenset[str]:
        """The fields, in lower case, whose names the edits overwrite so that nobody answers them."""
        names = (edit.original.decode("ascii", "replace") for edit in self.edits)
        return frozenset(name.lower() for name in names if asks_for_receipt(name))


def keeps_length(edits: Sequence[Edit]) -> bool:
    """Whether edits are sorted, disjoint and leave every other octet where it is."""
    end = 0
    for edit in edits:
        if edit.start < end or len(edit.original) != len(edit.replacement):
            return False
        end = edit.end
    return True


class Looks:
    """The looks at the mail of one server, those not used for the longest time given up first."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._cost = 0
        self._kept: OrderedDict[tuple[str, str, int, int], Look] = OrderedDict()

    def get(self, where: Where) -> Look | None:
        """Give the look at a message; None where there was none or its place is not known."""
        key = _key(where)
        if key is None or key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def has_room(self, look: Look) -> bool:
        """Whether a look can be remembered at all."""
        return look.cost <= self._budget

    def keep(self, where: Where, look: Look) -> None:
        """Remember a look, as far as the budget goes."""
        key = _key(where)
        if key is None or not self.has_room(look):
            return
        before = self._kept.pop(key, None)
        self._cost += look.cost - (before.cost if before else 0)
        self._kept[key] = look
        while self._cost > self._budget:
            self._cost -= self._kept.popitem(last=False)[1].cost


def _key(where: Where) -> tuple[str, str, int, int] | None:
    if where.uid is None or where.uidvalidity is None:
        return None
    return where.account, where.mailbox, where.uidvalidity, where.uid
