"""`bothways links`: a filter that undoes tracked links, one URL a line."""

import json
import sys
from typing import Any

import click
from bothways.clean import clean_url
from bothways.settings import Settings
from bothways.urls.links import NEEDED, CleanedLink
from bothways.urls.telling import report
from bothways.urls.wrappers import LinkAction, LinkOptions

from bothways_cli.rules import use_own_rules
from bothways_cli.scanned import link_object
from bothways_cli.settled import use_settings
from bothways_cli.words import printable, vendor_name

ACTIONS = {
    LinkAction.UNWRAP: "unwrapped",
    LinkAction.STRIP: "stripped",
    LinkAction.KEEP: "kept: no known tracker",
    LinkAction.KEEP_OPAQUE: "kept: only the vendor knows where it leads",
    LinkAction.REFUSE: "kept: its target cannot be trusted",
    LinkAction.REPORT_ONLY: "kept: could be undone, not asked to",
}
NEEDS = "kept: the page needs what tells on its reader"


@click.command(
    epilog="""\b
Examples:
  echo 'https://t.example/l?url=https%3A%2F%2Fshop.example%2F' | bothways links
  bothways links --format ndjson < urls.txt | jq -r .cleaned

\b
ndjson: one object a line of input, in its order:
  url, cleaned, action (unwrap, strip, keep, keep_opaque, refuse, report_only),
  vendor, layers, removed, tells (what a click would have told: by, tells, detail), company.
Each answer is written before the next line is read.
"""
)
@click.option("--format", "form", type=click.Choice(["text", "ndjson"]), default="text", show_default=True)
@click.option(
    "--keep-gateways",
    is_flag=True,
    help="Leave the links of mail security gateways, which check a page when it is clicked.",
)
def links(form: str, *, keep_gateways: bool) -> None:
    """Read URLs from standard input, one a line, and tell where they lead.

    Nothing is ever requested: a wrapper is undone only where its target stands in the URL itself.
    """
    use_own_rules()
    options = wanted_options(use_settings(), keep_gateways=keep_gateways)
    write = as_ndjson if form == "ndjson" else as_text
    for line in sys.stdin.buffer:
        url = line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
        click.echo(write(url, clean_url(url, options=options)))
        sys.stdout.flush()


def wanted_options(settings: Settings, *, keep_gateways: bool) -> LinkOptions:
    """Say what to undo: who asks for it wants all of it, unless it was settled otherwise."""
    return LinkOptions(
        unwrap_gateways=not keep_gateways and not settings.refuses("unwrap_gateways"),
        unwrap_affiliates=not settings.refuses("unwrap_affiliates"),
        strip_campaign=settings.strip_campaign,
    )


def as_ndjson(url: str, link: CleanedLink) -> str:
    """Write an answer as the documented JSON object."""
    return json.dumps(as_object(url, link))


def as_object(url: str, link: CleanedLink) -> dict[str, Any]:
    """Return an answer as the documented object."""
    told = link_object(report(link))
    return {
        "url": url,
        "cleaned": link.url,
        "action": link.action.value,
        "vendor": link.vendor,
        **told,
        "company": link.company,
    }


def as_text(url: str, link: CleanedLink) -> str:
    """Write an answer for people: the URL, where it leads, and what was done."""
    told = NEEDS if link.why == NEEDED and not link.layers else ACTIONS[link.action]
    if link.layers:
        told += ": " + ", ".join(vendor_name(layer.vendor) or layer.vendor for layer in link.layers)
    elif link.vendor:
        told += f" ({vendor_name(link.vendor)})"
    if link.removed:
        told += "; removed " + ", ".join(printable(name) for name in link.removed)
    target = "" if link.url == url else f"\n  -> {printable(link.url)}"
    return f"{printable(url)}{target}\n  {told}"
