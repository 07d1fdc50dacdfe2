"""What a dialogue tells of the open mailbox: which number is which UID, and how large messages are."""

import re
from collections import OrderedDict

_MOST_NUMBERS = 1_000
_MOST_SIZES = 1_000
_QUOTED = re.compile(rb"\"(?:[^\"\\\r\n]++|\\.)*+\"")
_TOLD = re.compile(rb"\* (\d{1,10}) FETCH \(", re.IGNORECASE)
_UID = re.compile(rb"[ (]UID (\d{1,10})(?=[ )])", re.IGNORECASE)
_SIZE = re.compile(rb"[ (]RFC822\.SIZE (\d{1,18})(?=[ )])", re.IGNORECASE)


class OpenMailbox:
    """What is known of its messages, of the latest few thousand."""

    def __init__(self) -> None:
        self._uids: OrderedDict[int, int] = OrderedDict()
        self._sizes: OrderedDict[int, int] = OrderedDict()
        self._text_ends: OrderedDict[int, int] = OrderedDict()

    def learn(self, number: int, uid: int | None, size: int | None) -> None:
        """Note what a FETCH response told."""
        if uid is None:
            uid = self._uids.get(number)
        else:
            _note(self._uids, number, uid, _MOST_NUMBERS)
        if size is not None and uid is not None:
            _note(self._sizes, uid, size, _MOST_SIZES)

    def learn_text_end(self, uid: int, text_end: int) -> None:
        """Note how far into a message its text goes."""
        _note(self._text_ends, uid, text_end, _MOST_SIZES)

    def learn_from_line(self, line: bytes) -> None:
        """Note what a FETCH response of one line tells."""
        told = _TOLD.match(line)
        if told is None:
            return
        if b'"' in line:
            line = _QUOTED.sub(b'""', line)  # a subject may say anything
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid or size:
            self.learn(int(told[1]), int(uid[1]) if uid else None, int(size[1]) if size else None)

    def uid_of(self, number: int) -> int | None:
        """Give the UID of a message, None where it was not told."""
        return self._uids.get(number)

    def size_of(self, uid: int | None) -> int | None:
        """Give the RFC822.SIZE of a message, None where it was not told."""
        return None if uid is None else self._sizes.get(uid)

    def text_end_of(self, uid: int | None) -> int | None:
        """Give the octet before which a message's text ends, None where it was not told."""
        return None if uid is None else self._text_ends.get(uid)

    def expunge(self, number: int) -> None:
        """A message is gone: those behind it move up (RFC 9051, 7.5.1)."""
        moved = ((one - (one > number), uid) for one, uid in self._uids.items() if one != number)
        self._uids = OrderedDict(moved)

    def forget_numbers(self) -> None:
        """Messages are gone, and it is not known which numbers they had."""
        self._uids.clear()


def _note(told: OrderedDict[int, int], key: int, value: int, most: int) -> None:
    told[key] = value
    if len(told) > most:
        told.popitem(last=False)
