"""`bothways run`: the proxy and the local API, until Ctrl-C or SIGTERM."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from bothways_proxy import (
    ProxyConfig,
    SpecError,
    Target,
    UpstreamSpec,
    parse_http_listen,
    parse_imap_spec,
    parse_resolve,
    parse_target,
)

from bothways_cli.home import find_home, home_option, make_home

if TYPE_CHECKING:
    from bothways_cli.service import Service


class Spec(click.ParamType[Any]):
    """An option's text, read by a function that raises `SpecError`."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text, or fail with the sentence of the error."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except SpecError as error:
            self.fail(str(error), param, ctx)


LISTEN = Spec("LISTEN:PORT", parse_target)
HTTP = Spec("LISTEN:PORT", parse_http_listen)
IMAP = Spec("HOST[:PORT][@LISTEN:PORT]", parse_imap_spec)
WEBMAIL = Spec("HOST[:PORT]", lambda text: parse_target(text, 443))
RESOLVE = Spec("HOST:PORT:ADDRESS[:PORT]", parse_resolve)


@click.command(
    epilog="""\b
Examples:
  bothways run --imap imap.example.org
      Then set the mail program to IMAP on 127.0.0.1, port 1143, no encryption:
      it leaves this machine encrypted all the same.
  bothways run --webmail mail.example.org
      Then set the browser's proxy to 127.0.0.1, port 8080.
  bothways run --imap imap.example.org@127.0.0.1:1143 --imap imap.example.com@127.0.0.1:1144

\b
One line on standard output for each listener, once all of them accept:
  listening imap 127.0.0.1:1143 -> imap.example.org:993
Port 0 takes a free port. SIGTERM and Ctrl-C end it with everything written.
"""
)
@click.option("--imap", type=IMAP, multiple=True, help="A mail server, reached over TLS.")
@click.option("--webmail", type=WEBMAIL, multiple=True, help="A webmail whose pages are cleaned.")
@click.option("--http", type=HTTP, default="127.0.0.1:8080", show_default=True, help="Proxy for browsers.")
@click.option("--api", type=LISTEN, default="127.0.0.1:8417", show_default=True, help="For the extension.")
@click.option(
    "--upstream-ca",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="More certificate authorities (PEM) by which servers are trusted.",
)
@click.option("--resolve", type=RESOLVE, multiple=True, help="Where a host is, as curl's --resolve.")
@home_option
def run(
    *,
    imap: tuple[UpstreamSpec, ...],
    webmail: tuple[Target, ...],
    http: Target,
    api: Target,
    upstream_ca: Path | None,
    resolve: tuple[tuple[Target, Target], ...],
    home: Path | None,
) -> None:
    """Start the proxy and the local API, and keep them up until Ctrl-C.

    Mail is cleaned on its way to the mail program or the browser; the server's copy stays as it is.
    """
    from bothways_cli.service import run_service  # noqa: PLC0415 - takes a second, and `--help` needs none of it

    config = ProxyConfig(
        home=make_home(find_home(home)),
        http_listen=http,
        imap=imap,
        webmail=webmail,
        upstream_ca=upstream_ca,
        resolve=dict(resolve),
    )
    run_service(config, api, partial(announce, webmail))


def announce(webmail: tuple[Target, ...], service: "Service") -> None:
    """Write the listeners for programs, and the next step for people."""
    click.echo("\n".join(service.listeners))
    if not sys.stdout.isatty():
        return
    if not any(line.startswith("listening imap ") for line in service.listeners) and not webmail:
        click.echo("No mail comes this way yet: see --imap and --webmail in `bothways run --help`.", err=True)
    if webmail:
        click.echo(f"The browser must trust {service.certificate}", err=True)
    click.echo("Connect the browser extension with `bothways pair`. Ctrl-C ends this.", err=True)
