"""The account name in the first response of a SASL exchange; nothing else of it is ever kept."""

import base64
import binascii
import re
from typing import Protocol

_LONGEST = 16 * 1024
_SCRAM_NAME = re.compile(rb"(?:^|,)[na]=([^,\x01]+)")
_XOAUTH2_USER = re.compile(rb"^user=([^\x01]+)\x01")


class Exchange(Protocol):
    """A command that logs in by SASL, of any protocol."""

    account: str | None
    exchange_begun: bool


def note_response(exchange: Exchange, mechanism: bytes | None, response: bytes) -> None:
    """Read the account from the first response of the client; the later ones may be a password."""
    word = response.strip()
    if exchange.exchange_begun or word in {b"", b"="}:
        return
    exchange.exchange_begun = True
    exchange.account = account_name((mechanism or b"").decode("ascii", "replace"), word)


def account_name(mechanism: str, response: bytes) -> str | None:
    """Read who logs in from the base64 text of the client's first response (RFC 4616, 5802, 7628, 2195)."""
    if len(response) > _LONGEST:
        return None
    try:
        plain = base64.b64decode(response.strip(), validate=True)
    except binascii.Error:
        return None
    name = _name(mechanism.upper(), plain)
    return name.decode("utf-8", "replace") if name else None


def _name(mechanism: str, plain: bytes) -> bytes | None:
    if mechanism == "PLAIN":
        authorize, _, rest = plain.partition(b"\0")
        return authorize or rest.partition(b"\0")[0]
    if mechanism == "LOGIN":
        return plain
    if mechanism == "CRAM-MD5":
        return plain.rpartition(b" ")[0]
    if mechanism == "XOAUTH2":
        found = _XOAUTH2_USER.match(plain)
        return found[1] if found else None
    if mechanism == "OAUTHBEARER" or mechanism.startswith("SCRAM-"):
        found = _SCRAM_NAME.search(plain)
        return found[1].replace(b"=2C", b",").replace(b"=3D", b"=") if found else None
    return None
