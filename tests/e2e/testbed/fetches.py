"""FETCH commands at random, of everything that a client may ask for, from one seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from testbed.sections import Span

NOT_OF_BODY = ("UID", "FLAGS", "RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE", "BODY", "INTERNALDATE")
WHOLE = ("RFC822", "RFC822.TEXT", "RFC822.HEADER", "BODY.PEEK[]", "BODY[]", "BODY[TEXT]", "BODY[HEADER]")
FIELDS = ("Subject", "FROM", "date", "Disposition-Notification-To", "X-Confirm-Reading-To", "Content-Type")
ABSENT = ("7", "1.9", "2.MIME", "1.HEADER", "3.TEXT")
SIZES = (1, 7, 100, 1024, 4096, 65536, 1 << 20)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One command: messages by UID, by number or both ways by range, and the items as they are written."""

    uids: tuple[int, ...]
    by_uid: bool
    as_range: bool
    items: tuple[str, ...]

    def command(self, numbers: Mapping[int, int]) -> str:
        """Write it for a session in which the messages have these numbers."""
        names = [uid if self.by_uid else numbers[uid] for uid in self.uids if uid in numbers]
        chosen = f"{min(names)}:{max(names)}" if self.as_range else ",".join(map(str, names))
        items = f"({' '.join(self.items)})" if len(self.items) > 1 else self.items[0]
        return f"{'UID ' if self.by_uid else ''}FETCH {chosen} {items}"


class Chance:
    """Gives one command after the other, the same for the same seed and messages."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def fetch(self, sections: Mapping[int, Mapping[str, Span]]) -> Fetch:
        """Give a command for some of these messages, whose sections are known."""
        chance = self.random
        count = chance.choices((1, 2, 5), (8, 3, 1))[0]
        uids = tuple(chance.sample(sorted(sections), min(count, len(sections))))
        items = [self._item(sections[uids[0]]) for _ in range(chance.choices((1, 2, 4), (5, 3, 2))[0])]
        return Fetch(
            uids, chance.random() < 0.5, len(uids) > 1 and chance.random() < 0.3, _without_doubles(items)
        )

    def windows(self, sections: Mapping[int, Mapping[str, Span]]) -> list[Fetch]:
        """Give the commands that read one section of one message to its end, window after window."""
        uid = self.random.choice(sorted(sections))
        name = self.random.choice(["", "TEXT", self.random.choice(sorted(sections[uid]))])
        start, end = sections[uid][name]
        size = max(self.random.choice((4096, 16384, 65536)), (end - start) // 12 + 1)
        by_uid = self.random.random() < 0.5
        return [
            Fetch((uid,), by_uid, as_range=False, items=("UID", f"BODY.PEEK[{name}]<{origin}.{size}>"))
            for origin in range(0, end - start + 1, size)
        ]

    def _item(self, sections: Mapping[str, Span]) -> str:
        chance = self.random
        kind = chance.random()
        if kind < 0.15:
            return chance.choice(NOT_OF_BODY)
        if kind < 0.4:
            return chance.choice(WHOLE)
        name = chance.choice([*sections, *sections, chance.choice(ABSENT)])
        if kind < 0.55:
            names = chance.sample(FIELDS, chance.randint(1, 3))
            return f"BODY.PEEK[HEADER.FIELDS{chance.choice(('', '.NOT'))} ({' '.join(names)})]"
        peek = chance.choice((".PEEK", ".PEEK", ""))
        return f"BODY{peek}[{name}]{self._window(sections.get(name, (0, 9)))}"

    def _window(self, span: Span) -> str:
        if self.random.random() < 0.4:
            return ""
        return f"<{self.random.randint(0, span[1] - span[0] + 10)}.{self.random.choice(SIZES)}>"


def _without_doubles(items: Sequence[str]) -> tuple[str, ...]:
    """A response may tell an item that was asked for twice only once, or `BODY` by the name of another."""
    return tuple({_answered_as(item): item for item in items}.values())


def _answered_as(item: str) -> str:
    """Give the name under which the item comes back: without PEEK and without the length of a window."""
    head, dot, _ = item.upper().replace(".PEEK", "").partition(">")[0].rpartition(".")
    return head if dot and "<" in item else item.upper().replace(".PEEK", "")
