"""What of a reader's address a sender may write into a URL: the whole, without its TLD, the local part alone.

An address may be anything a user typed or a mail's header claimed; what is no address, or is longer than an
address can be, has no forms.
"""

import contextlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bothways.urls.domains import registrable

LONGEST_ADDRESS = 320
"""Octets: 64 of a local part, "@", 255 of a domain (RFC 5321 4.5.3.1)."""
SHORTEST_LOCAL_PART = 5
SHORTEST_WITHOUT_TLD = 8

_COMMON = """
about abuse academy account accounting accounts action active adams admin administrator agency alert alerts
alice andrea andrew angela anthony archive article assets author banner barbara billing black booking
bookings brand brian browser bruce budget business button campaign career careers carlos carol catherine
center change charles chris christine christopher claire client clients cloud color company connect contact
contacts content create customer customers daniel david deborah default delivery dennis design detail
details digital direct discover display domain donald dorothy download editor edward elizabeth email emails
emily emma engage enquiries enquiry eric event events example explore family fashion feedback finance footer
frank friend friends gallery george global google green group guest header health helen hello helpdesk henry
hostmaster house icons image images import inbox index info information inquiries insight insights invoice
invoices james janet jason jeffrey jennifer jessica johnny jonathan joseph joshua journal julia karen
kathleen kelly kenneth kevin large launch laura learn legal letter level light linda links lisa listen lists
local login logos louis mailbox mailer mailing manager margaret maria marie mark market marketing martin
mary matthew media medium megan melissa member members message messages michael michelle microsoft mixed
mobile module month nancy native nature netadmin network newsletter newsletters nicole night noreply notes
notification notifications offer offers office oliver online open order orders outlook owner pages pamela
partner partners parts party patricia patrick payment payments people person peter philip photo photos
picture pixel place plain point popular postmaster power premium press preview price primary privacy private
product products profile program project public query quick rachel random reader rebecca recipient record
recruiting region register related remote reply report reports request reservations resource result returns
review richard river robert roger ronald round sales sample sandra sarah school scott search second
secretary security select sender series server service services share sharon shipping simon simple single
small smart smith social sophie source space spring staff standard start state static status stephen steven
store story stream street student studio style submit subscribe success summer support susan sysadmin system
table target teacher technical template teresa tester testing testuser theme thing thomas ticket tickets
times timothy title token topic track tracking trade training travel trend tyler unsubscribe update updates
upload username users value victoria video view vision visitor voice walter watch water wayne webinar
webmaster website welcome white width william winter women world yahoo
"""
"""Local parts that name a role, or are first names or plain words: these say nothing of the reader."""
_SHARED = frozenset(_COMMON.split())


class Form(StrEnum):
    """How much of the address stands in the URL."""

    WHOLE = "whole"
    WITHOUT_TLD = "without-tld"
    LOCAL_PART = "local-part"


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """One spelling of one form, as octets; it has no repr, so that no log can show it."""

    value: bytes
    form: Form
    usual: bool
    """False for a spelling that is looked for under one hash only, not under two layers."""


def spell(address: str) -> tuple[Text, ...]:
    """Give the spellings of an address that are looked for, the whole ones first; () where it is none."""
    address = address.strip()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or len(address) > LONGEST_ADDRESS or address.split() != [address]:
        return ()
    domain = domain.lower().rstrip(".")
    names = _unique([local.lower(), local.lower().partition("+")[0]])
    domains = _unique([domain, *_other_scripts(domain)])
    shorter = [f"{name}@{short}" for name in names for short in _without_tld(domain)]
    texts = [(f"{name}@{domain}", Form.WHOLE, True) for name in names]
    texts.append((address, Form.WHOLE, True))
    texts += [(f"{name}@{host}", Form.WHOLE, False) for name in [*names, local] for host in domains]
    texts.append((address.upper(), Form.WHOLE, False))
    texts += [(text, Form.WITHOUT_TLD, True) for text in shorter if len(text) >= SHORTEST_WITHOUT_TLD]
    texts += [(name, Form.LOCAL_PART, True) for name in names if is_telling(name)]
    texts += [(name, Form.LOCAL_PART, False) for name in [local, local.upper()] if is_telling(name)]
    spelled: dict[str, Text] = {}
    for text, form, usual in texts:
        spelled.setdefault(text, Text(text.encode("utf-8", "replace"), form, usual))
    return tuple(spelled.values())


def is_telling(local: str) -> bool:
    """True for a local part that is long enough and no common word or number."""
    return len(local) >= SHORTEST_LOCAL_PART and local.lower() not in _SHARED and not local.isdigit()


def _unique(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _other_scripts(domain: str) -> list[str]:
    """The punycode of a domain in another script, or the other way round; composed letters besides."""
    if domain.isascii() and "xn--" not in domain:
        return []
    found = [unicodedata.normalize("NFC", domain)]
    with contextlib.suppress(UnicodeError):
        found.append(domain.encode().decode("idna") if domain.isascii() else domain.encode("idna").decode())
    return found


def _without_tld(domain: str) -> list[str]:
    """`example.com` -> `example`; `example.co.uk` -> `example` and `example.co`; nothing for one label."""
    shorter = [domain.rpartition(".")[0]]
    if domain.count(".") > 1:  # registrable() needs the suffix list: only ask where the answer may differ
        suffix = registrable(domain).partition(".")[2]
        shorter.insert(0, domain.removesuffix(f".{suffix}") if suffix else "")
    return _unique(shorter)
