"""What the demo does by itself: open every sample mail as a reader would, past the proxy and through it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bothways.judge.findings import Finding
from bothways.ledger import Ledger
from bothways.markup.references import find

from bothways_cli.demo_mail import MAILBOX, SampleMail
from bothways_cli.demo_site import LOOPBACK, WEBMAIL, Visits
from bothways_cli.words import ACTIONS, WHY_SEEN, count, vendor_name

LEDGER_SECONDS = 5.0
SHOWN_URL = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo's mails, the ports of its servers and of the proxy, and what its sellers hear."""

    mails: Sequence[SampleMail]
    webmail: int
    sellers: int
    proxy: int
    visits: Visits


def tour(stage: Stage, ledger: Ledger) -> Iterator[str]:
    """Open all mails twice and tell, line by line, what the sellers heard and what Bothways did."""
    for mail in stage.mails:
        open_directly(stage, mail)
    told = count(len(stage.visits.take()), "time")
    yield f"Past Bothways, opening {count(len(stage.mails), 'mail')} told the sellers so {told}."
    yield "Through Bothways:"
    loaded = 0
    for mail in stage.mails:
        loaded += open_through_proxy(stage, mail)
        yield ""
        yield f"  {mail.subject}  ({mail.sender})"
        findings = recorded(ledger, mail)
        yield from (f"    {line}" for finding in findings for line in tell(finding))
        if not findings:
            yield "    No known trackers found."
    heard = stage.visits.take()
    yield ""
    told = f"told the sellers so {count(len(heard), 'time')}" if heard else "told the sellers nothing"
    yield f"Through Bothways, opening {count(len(stage.mails), 'mail')} {told}."
    yield f"{count(loaded, 'picture')} loaded as before."
    yield from (f"  heard: {url}" for url in heard)


def open_directly(stage: Stage, mail: SampleMail) -> int:
    """Open a mail and load what it refers to, without the proxy; gives the number of loads."""
    page = fetch(stage.webmail, mail.path, WEBMAIL)
    urls = loads(page)
    for url in urls:
        parts = urlsplit(url)
        fetch(stage.sellers, f"{parts.path}?{parts.query}", parts.netloc)
    return len(urls)


def open_through_proxy(stage: Stage, mail: SampleMail) -> int:
    """Open a mail and load what it refers to, both through the proxy; gives the number of loads."""
    page = fetch(stage.proxy, f"http://{WEBMAIL}{mail.path}", WEBMAIL)
    urls = loads(page)
    for url in urls:
        fetch(stage.proxy, url, urlsplit(url).netloc)
    return len(urls)


def loads(page: str) -> list[str]:
    """Name what a browser would load by itself from a page."""
    return [reference.url for reference in find(page).references if reference.url.startswith("http://")]


def fetch(port: int, target: str, host: str) -> str:
    """Ask a server on loopback for `target` of `host`."""
    connection = HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", target, headers={"Host": host, "Connection": "close"})
        return connection.getresponse().read().decode("utf-8", "replace")
    finally:
        connection.close()


def recorded(ledger: Ledger, mail: SampleMail) -> list[Finding]:
    """Read from the ledger what was found in a mail, as soon as it is written."""
    until = time.monotonic() + LEDGER_SECONDS
    while time.monotonic() < until:
        if messages := ledger.find_messages([f"web:{WEBMAIL}/-/{MAILBOX}/{mail.uid}"]):
            return [stored.finding for stored in messages[0].findings]
        time.sleep(0.05)
    raise TimeoutError(f"the ledger does not know the mail {mail.subject!r}")


def tell(finding: Finding) -> Iterator[str]:
    """Say what became of a finding, and below it where a link leads now."""
    whose = vendor_name(finding.vendor) or "unknown tool"
    url = finding.url if len(finding.url) <= SHOWN_URL else finding.url[:SHOWN_URL] + "..."
    yield f"{ACTIONS[finding.action]:8} {whose:15} {url}"
    if finding.replacement:
        yield f"{'':8} {'leads now to':15} {finding.replacement}"
    if finding.why_seen:
        yield f"{'':8} {'left because':15} {WHY_SEEN[finding.why_seen]}"
