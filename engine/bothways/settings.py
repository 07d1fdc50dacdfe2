"""What a user has settled: `settings.toml` in the home folder.

    policy = "default"              # or "strict", "watch"
    recipients = ["me@example.org"] # the reader's own addresses; else those that the login and the mail name
    own_tools = ["hubspot"]         # mail tools of one's own, by vendor id or host
    clean_signed = false            # also edit what a signature covers: it then no longer verifies
    clean_signed_from = []          # the same for some senders: addresses, or "@" and a domain
    unwrap_gateways = false         # also undo the links of mail security gateways
    unwrap_affiliates = false       # also undo the links that pay somebody for a click
    strip_campaign = true           # take out parameters that tell of a campaign alone

Every key may be missing. One that is unknown, or a value that is none, is an error that names it: what a user
believes to be settled must not be left out in silence. Settings act on mail that was not yet looked at.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bothways.judge.policy import DEFAULT, STRICT, WATCH, Policy
from bothways.message.mime import Message, split
from bothways.urls.wrappers import LinkOptions
from bothways.vendors.catalogue import default_catalogue
from bothways.vendors.model import Vendor

FILE_NAME = "settings.toml"
POLICIES = {policy.name: policy for policy in (DEFAULT, STRICT, WATCH)}
_LARGEST = 16 * 1024
_MOST = 200
"""Entries of one list."""
_ADDRESS = re.compile(r"[^@\s<>,]{1,64}@[^@\s<>,]{1,255}")
_SENDER = re.compile(r"[^@\s<>,]{0,64}@[^@\s<>,]{1,255}")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,20}[a-z0-9-]{1,63}")


class SettingsError(ValueError):
    """A settings file that cannot be used; `str()` is a sentence for the user."""

    def __init__(self, name: str, key: str, problem: str) -> None:
        super().__init__(f"{name}: {key}: {problem}" if key else f"{name}: {problem}")
        self.key = key
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, as shipped where nobody said anything else; `given` are the keys that a file holds."""

    policy: str = DEFAULT.name
    recipients: tuple[str, ...] = ()
    own_tools: tuple[str, ...] = ()
    clean_signed: bool = False
    clean_signed_from: tuple[str, ...] = ()
    unwrap_gateways: bool = False
    unwrap_affiliates: bool = False
    strip_campaign: bool = True
    given: frozenset[str] = frozenset()

    @property
    def links(self) -> LinkOptions:
        """What is wanted done to the links of a mail."""
        return LinkOptions(self.unwrap_gateways, self.unwrap_affiliates, self.strip_campaign)

    def recipients_of(self, raw: bytes) -> tuple[str, ...]:
        """Give the settled addresses that hold for a raw mail."""
        return settle_recipients(self.recipients, split(raw)) if self.recipients else ()

    def refuses(self, key: str) -> bool:
        """Say whether the file has `false` for a key, and not only because nothing is said."""
        return key in self.given and getattr(self, key) is False

    def to_policy(self) -> Policy:
        """Give the policy that these settings come to."""
        return replace(
            POLICIES[self.policy],
            clean_signed=self.clean_signed,
            clean_signed_from=frozenset(self.clean_signed_from),
            links=self.links,
            own_tools=frozenset(self.own_tools),
        )


AS_SHIPPED = Settings()
KEYS = tuple(field.name for field in fields(Settings) if field.name != "given")


def read_settings(path: Path) -> Settings:
    """Read a settings file; without one all is as shipped. Raises SettingsError."""
    try:
        with path.open("rb") as stream:
            octets = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return AS_SHIPPED
    except OSError as error:
        raise SettingsError(str(path), "", error.strerror or str(error)) from None
    return parse_settings(str(path), octets)


def parse_settings(name: str, octets: bytes) -> Settings:
    """Make settings of a file's octets. Raises SettingsError."""
    if len(octets) > _LARGEST:
        raise SettingsError(name, "", f"is larger than {_LARGEST // 1024} KiB")
    try:
        # All errors of the parser are ValueErrors, a number too long for Python among them.
        table = tomllib.loads(octets.decode("utf-8-sig"))
    except RecursionError:
        raise SettingsError(name, "", "is nested too deeply") from None
    except ValueError as error:
        raise SettingsError(name, "", f"is not TOML: {error}") from None
    values = {}
    for key, value in table.items():
        if key not in KEYS:
            raise SettingsError(name, key, f"there is no such setting{_nearest(key, KEYS)}")
        try:
            values[key] = _READERS[key](value)
        except ValueError as error:
            raise SettingsError(name, key, str(error)) from None
    return Settings(**values, given=frozenset(values))


def settle_recipients(settled: Sequence[str], message: Message) -> tuple[str, ...]:
    """Give the settled addresses that hold for one mail.

    Anyone may write the reader's address into From: of a mail that came from a server (RFC 5321, 4.4: it has
    a Received) the sender is not taken for the reader, whose own mail would stay as it is.
    """
    return tuple(settled) if message.header("received") is None else leave_out(message.sender, settled)


def leave_out(sender: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """Give the addresses without the sender's."""
    return tuple(address for address in addresses if address.lower() != sender.lower())


def _read_policy(value: Any) -> str:
    if not isinstance(value, str) or value not in POLICIES:
        raise ValueError(f"must be one of {', '.join(map(repr, POLICIES))}{_nearest(value, POLICIES)}")
    return value


def _read_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _read_list(value: Any, one: Callable[[str], str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError('must be a list of texts: ["...", "..."]')
    if len(value) > _MOST:
        raise ValueError(f"holds more than {_MOST} entries")
    return tuple(dict.fromkeys(one(entry.strip()) for entry in value))


def _read_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is not a mail address")
    return text


def _read_sender(text: str) -> str:
    if not _SENDER.fullmatch(text):
        raise ValueError(f"{text!r} is neither a mail address nor @ and a domain")
    return text.lower()


def _read_tool(text: str) -> str:
    name = text.lower()
    vendors = default_catalogue().vendors
    if _HOST.fullmatch(name):
        owner = next((vendor for vendor in vendors.values() if _shares(vendor, name)), None)
        if owner is not None:
            raise ValueError(f"{text!r} serves all customers of {owner.name}: name {owner.id!r}")
        return name
    if name not in vendors:
        raise ValueError(f"{text!r} is neither a host nor the id of a vendor{_nearest(name, vendors)}")
    return name


def _shares(vendor: Vendor, host: str) -> bool:
    """Say whether a host, or one below it, is a vendor's for all its customers."""
    return any(
        known == host or known.endswith("." + host)
        for shape in (*vendor.opens, *vendor.clicks)
        for known in shape.hosts
    )


def _nearest(word: object, known: Any) -> str:
    near = get_close_matches(str(word), list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


_READERS: dict[str, Callable[[Any], Any]] = {
    "policy": _read_policy,
    "recipients": lambda value: _read_list(value, _read_address),
    "own_tools": lambda value: _read_list(value, _read_tool),
    "clean_signed": _read_bool,
    "clean_signed_from": lambda value: _read_list(value, _read_sender),
    "unwrap_gateways": _read_bool,
    "unwrap_affiliates": _read_bool,
    "strip_campaign": _read_bool,
}
