"""The words of POP3 (RFC 1939, 2449, 5034, 6856): lines to their parts, and what this project hides."""

import re
from dataclasses import dataclass

_COMMAND = re.compile(rb"[ \t]*([^\s]+)[ \t]*")
_CHANNEL_BOUND = re.compile(rb"[A-Z0-9_-]+-PLUS", re.IGNORECASE)
_LONGEST_ARGUMENT = 4096

# What has more lines than one when it goes well; in the second row only without an argument.
_ALWAYS_LONG = frozenset(("RETR", "TOP", "CAPA"))
_LONG_ALONE = frozenset(("LIST", "UIDL", "AUTH", "LANG"))
_KEEP_ARGUMENT = frozenset(("USER", "APOP", "AUTH", "TOP"))


@dataclass(slots=True)
class Command:
    """One command in flight. `argument` is its first word where that is needed; passwords are never kept."""

    name: str
    argument: bytes = b""
    lines: int | None = None
    is_long: bool = False
    account: str | None = None
    exchange_begun: bool = False
    refused: str | None = None

    @property
    def asks_for_mail(self) -> bool:
        """Whether a message, or the start of one, is the answer."""
        return self.name in {"RETR", "TOP"}

    @property
    def is_exchange(self) -> bool:
        """Whether the server may answer with prompts (RFC 5034, section 4)."""
        return self.name == "AUTH" and not self.is_long


def read_command(line: bytes) -> tuple[Command, bytes]:
    """Read a command line, whatever it holds; and what follows its first argument."""
    found = _COMMAND.match(line)
    if not found:
        return Command(""), b""
    name = found[1].decode("ascii", "replace").upper()
    argument, _, rest = line[found.end() :].strip().partition(b" ")
    command = Command(name, is_long=name in _ALWAYS_LONG or (name in _LONG_ALONE and not argument))
    if name in _KEEP_ARGUMENT:
        command.argument = argument[:_LONGEST_ARGUMENT]
    if name == "TOP" and rest.strip().isdigit() and len(rest) < 20:
        command.lines = int(rest)
    command.refused = _refused_as(command)
    return command, rest


def _refused_as(command: Command) -> str | None:
    """Name the command when it must not reach the server: what follows it would be unreadable here."""
    if command.name == "STLS":
        return "STLS"
    if command.name == "AUTH" and _CHANNEL_BOUND.fullmatch(command.argument):
        return "AUTH " + command.argument.decode("ascii").upper()
    return None


def hide_capability(line: bytes) -> bytes:
    """Take out of a line of CAPA's answer what this engine cannot stand behind; "" for the whole line."""
    words = line.split()
    name = words[0].upper() if words else b""
    if name == b"STLS":
        return b""
    if name != b"SASL":
        return line
    kept = [word for word in words if not _CHANNEL_BOUND.fullmatch(word)]
    if len(kept) == len(words):
        return line
    return b" ".join(kept) + line[len(line.rstrip(b"\r\n")) :] if len(kept) > 1 else b""


def hide_mechanism(line: bytes) -> bytes:
    """Do the same for a line of the answer to a bare AUTH: one mechanism each."""
    return b"" if _CHANNEL_BOUND.fullmatch(line.strip()) else line


def is_good(status: bytes) -> bool | None:
    """Tell "+OK" from "-ERR"; None for a line that is neither."""
    start = status[:4].upper()
    if start.startswith(b"+OK"):
        return True
    return False if start == b"-ERR" else None


def is_prompt(line: bytes) -> bool:
    """Whether the server waits for the client's next turn of an exchange: "+", a space, base64."""
    return line[:1] == b"+" and line[1:2] in {b" ", b"\r", b"\n"}


def ends_answer(line: bytes) -> bool:
    """Whether this line ends an answer of several lines."""
    return line.rstrip(b"\r\n") == b"."
