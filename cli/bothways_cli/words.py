"""The words that people read: actions, why something was left, notes; and what may go to a terminal."""

from collections.abc import Mapping

from bothways.judge.findings import Action, WhySeen

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
    WhySeen.OWN: "your own mail",
}
NOTES: Mapping[str, str] = {
    "too_large": "too large to look into: passed as it is",
    "dkim": "its DKIM signature no longer holds once it is changed: filter spam first",
}


def printable(text: str) -> str:
    """Return text that cannot steer a terminal: control, format and unpaired characters as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def count(number: int, noun: str) -> str:
    """Return `1 mail`, `2 mails`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
