"""The words that people read: actions, why something was left, notes; and what may go to a terminal."""

from collections.abc import Iterator, Mapping

from bothways.judge.findings import Action, Finding, WhySeen
from bothways.urls.telling import report
from bothways.vendors.catalogue import default_catalogue

ACTIONS: Mapping[Action, str] = {
    Action.BLOCKED: "Blocked",
    Action.CLEANED: "Cleaned",
    Action.SEEN: "Seen",
}
WHY_SEEN: Mapping[WhySeen, str] = {
    WhySeen.POLICY: "left by the policy",
    WhySeen.SIGNED: "the mail is signed",
    WhySeen.ATTACHMENT: "in an attachment",
    WhySeen.NO_ROOM: "no room for a change of the same length",
    WhySeen.OPAQUE: "only the vendor knows where it leads",
    WhySeen.LIMIT: "over a limit",
    WhySeen.OWN: "your own mail or tool",
}
NOTES: Mapping[str, str] = {
    "too_large": "too large to look into: passed as it is",
    "dkim": "its DKIM signature no longer fits the clean copy: filter spam first",
    "remote": "loads that show nothing and single out nobody, stopped all the same",
    "paused": "passed as it is during a pause",
    "not_looked_at": "passed as it is, not looked at",
    "looked_at": "only a part of it was looked at",
    "limit": "over a limit, the rest is passed as it is",
    "failed": "could not be handled, passed as it is",
    "boundary": "its parts are not closed as they should be",
    "encoding": "an unknown transfer encoding, read as it is",
    "charset": "its character set is not what it says",
    "base64": "base64 of a form that is left as it is",
}
"""By the word before the colon of a note."""


def tell_note(note: str) -> str:
    """Return a note in words, with its detail where it has one."""
    kind, _, detail = note.partition(":")
    words = NOTES.get(kind, kind)
    return printable(f"{words} ({detail})" if detail else words)


def click_tells(finding: Finding) -> Iterator[str]:
    """Say what a click would have told: a line for each wrapper and each parameter of a link."""
    by: dict[str, list[str]] = {}
    for told in report(finding.link).tells if finding.link else ():
        by.setdefault(told.by, []).append(f"{told.tells} ({told.detail})" if told.detail else told.tells)
    for name, tells in by.items():
        yield printable(f"{vendor_name(name) or name}: {', '.join(tells)}")


def vendor_name(vendor: str | None) -> str | None:
    """Return the name people know a vendor by, None where the tool is unknown."""
    known = default_catalogue().vendors.get(vendor) if vendor else None
    return known.name if known else None


def printable(text: str) -> str:
    """Return text that cannot steer a terminal: control, format and unpaired characters as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def count(number: int, noun: str) -> str:
    """Return `1 mail`, `2 mails`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
