"""Cleans the pages of the webmails that the user named; every other octet is handed on as it comes.

Only HTML that may hold a mail is kept back until it is whole. What cannot be decoded and encoded again to the
very same octets, or makes anything of ours fail, is passed on unchanged.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from bothways import clean_html
from bothways.judge.findings import Action, Finding, WhySeen
from bothways.ledger import LedgerWriter, MessageRecord
from bothways.ledger.records import Incident, web_alias
from bothways.settings import AS_SHIPPED, Settings
from bothways.status import RunStatus
from mitmproxy.http import HTTPFlow, Message
from mitmproxy.net.http.url import hostport

from bothways_proxy import roundcube
from bothways_proxy.config import ProxyConfig, SpecError, Target, normal_host
from bothways_proxy.page import Page, Reader, Shown
from bothways_proxy.pause import PauseWatch

logger = logging.getLogger(__name__)

READERS: tuple[Reader, ...] = (roundcube.read_page,)
_HTML = ("text/html", "application/xhtml+xml")
_LARGEST = 16 << 20
_PAGE_DESTINATIONS = frozenset(("document", "iframe", "frame"))
# What asks for less than a whole page that can be read: a piece, a difference to a dictionary (RFC 9842).
_CONDITIONS = ("if-none-match", "if-modified-since", "if-range", "range", "available-dictionary")
_VALIDATORS = ("etag", "last-modified")


class Webmail:
    """An addon for the pages of webmails."""

    def __init__(
        self, config: ProxyConfig, writer: LedgerWriter, status: RunStatus, paused: PauseWatch
    ) -> None:
        self._hosts = config.webmail
        self._settings = config.settings
        self._writer = writer
        self._status = status
        self._paused = paused

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Ask for a whole page where it may be changed; let what is sent up pass as it comes."""
        if flow.request.method not in {"GET", "HEAD"}:
            flow.request.stream = True
        if self._is_webmail(flow) and asks_for_page(flow):
            for name in _CONDITIONS:
                flow.request.headers.pop(name, None)

    def responseheaders(self, flow: HTTPFlow) -> None:
        """Keep back what may hold a mail, and nothing else."""
        if flow.response and not (self._is_webmail(flow) and may_hold_mail(flow.response)):
            flow.response.stream = True

    def response(self, flow: HTTPFlow) -> None:
        """Clean the page."""
        if flow.error or not flow.live or flow.response is None or flow.response.stream:
            return
        try:
            self._clean(flow, flow.response)
        except Exception as error:
            logger.exception("a page of %s passes unchanged", flow.request.host)
            fault = f"fault:{type(error).__name__}"
            self._writer.put(Incident("passed", fault, datetime.now(UTC), "web", server=flow.request.host))

    def _is_webmail(self, flow: HTTPFlow) -> bool:
        try:
            target = Target(normal_host(flow.request.host), flow.request.port)
        except SpecError:
            return False
        return target in self._hosts

    def _clean(self, flow: HTTPFlow, response: Message) -> None:
        text = read_text(response)
        page = next(filter(None, (read(text) for read in READERS)), None) if text else None
        if text is None or page is None:
            return
        if self._paused():
            self._record(flow, page.shown, (), ("paused",))
            return
        try:
            cleaned, findings = clean_page(text, page, self._settings)
            if cleaned != text:
                write_text(response, cleaned)
        except Exception as error:
            logger.exception("a mail on a page of %s passes unchanged", flow.request.host)
            self._record(flow, page.shown, (), (f"failed:{type(error).__name__}",))
            return
        self._record(flow, page.shown, findings, ())

    def _record(
        self, flow: HTTPFlow, shown: Shown, findings: tuple[Finding, ...], notes: tuple[str, ...]
    ) -> None:
        now = datetime.now(UTC)
        self._status.saw_message(now)
        if shown.mailbox and shown.identifier:
            # As in an address: the port is named only where it is not the scheme's own.
            host = hostport(flow.request.scheme, flow.request.host, flow.request.port)
            self._writer.put(record_viewed(host, shown, findings, notes, now))


def asks_for_page(flow: HTTPFlow) -> bool:
    """Whether a browser wants a document, as far as it says so."""
    destination = flow.request.headers.get("sec-fetch-dest")
    if destination is not None:
        return destination in _PAGE_DESTINATIONS
    return "text/html" in flow.request.headers.get("accept", "")


def may_hold_mail(response: Message) -> bool:
    """Whether an answer is a whole HTML page of bearable size."""
    status = getattr(response, "status_code", 0)
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = response.headers.get("content-length", "0")
    return status == 200 and content_type in _HTML and (not length.isdigit() or int(length) <= _LARGEST)


def read_text(response: Message) -> str | None:
    """Decode a page; None where encoding it again would not give the same octets."""
    try:
        octets = response.get_content(strict=True) or b""
        charset = charset_of(response)
        # What a browser would show as a black diamond must not let a page through: it stays as it is, too.
        text = octets.decode(charset, "surrogateescape")
        return text if text.encode(charset, "surrogateescape") == octets else None
    except (ValueError, LookupError):
        return None


def write_text(response: Message, text: str) -> None:
    """Put another text in the place of a page's; it goes out without compression and without a validator."""
    octets = text.encode(charset_of(response), "surrogateescape")
    response.decode(strict=True)
    response.content = octets
    for name in _VALIDATORS:
        response.headers.pop(name, None)


def charset_of(response: Message) -> str:
    """Give the charset that the header names, else UTF-8."""
    parameters = response.headers.get("content-type", "").split(";")[1:]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or "utf-8"
    return "utf-8"


def clean_page(text: str, page: Page, settings: Settings = AS_SHIPPED) -> tuple[str, tuple[Finding, ...]]:
    """Clean the regions of a page and leave every character around them."""
    pieces: list[str] = []
    findings: list[Finding] = []
    position, policy = 0, settings.to_policy()
    for start, end in page.regions:
        cleaned = clean_html(text[start:end], recipients=settings.recipients, policy=policy)
        pieces += text[position:start], text[start:end] if page.own else cleaned.text
        findings += cleaned.findings
        position = end
    pieces.append(text[position:])
    if page.own:
        findings = [_left(finding) for finding in findings]
    return "".join(pieces), tuple(dict.fromkeys(findings))


def record_viewed(
    host: str, shown: Shown, findings: tuple[Finding, ...], notes: tuple[str, ...], at: datetime
) -> MessageRecord:
    """Say what the ledger keeps of a mail that a webmail showed; who reads a page does not know its user."""
    users = dict.fromkeys(("-", shown.user or "-"))
    return MessageRecord(
        aliases=tuple(web_alias(host, user, shown.mailbox, shown.identifier) for user in users),
        message_id=None,
        sender=shown.sender,
        sender_name=shown.sender_name,
        subject=shown.subject,
        date=None,
        at=at,
        route="web",
        delivery="viewed",
        findings=findings,
        notes=notes,
    )


def _left(finding: Finding) -> Finding:
    return replace(finding, action=Action.SEEN, why_seen=WhySeen.OWN, replacement=None)
