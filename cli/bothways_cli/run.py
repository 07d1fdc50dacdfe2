"""`bothways run`: the proxy and the local API, until Ctrl-C or SIGTERM."""

import sys
from collections.abc import Callable, Sequence
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
    parse_mail_host,
    parse_pop3_spec,
    parse_resolve,
    parse_socks_listen,
    parse_target,
)
from bothways_proxy.config import SOCKS_LISTEN

from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home, home_option, make_home
from bothways_cli.settled import policy_option

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
IMAP = Spec("[plain:]HOST[:PORT][@LISTEN:PORT]", parse_imap_spec)
POP3 = Spec("[plain:]HOST[:PORT][@LISTEN:PORT]", parse_pop3_spec)
MAIL_HOST = Spec("HOST", parse_mail_host)
SOCKS = Spec("LISTEN:PORT", parse_socks_listen)
WEBMAIL = Spec("HOST[:PORT]", lambda text: parse_target(text, 443))
RESOLVE = Spec("HOST:PORT:ADDRESS[:PORT]", parse_resolve)


@click.command(
    epilog="""\b
Examples:
  bothways run --imap imap.example.org
      Then set the mail program to IMAP on 127.0.0.1, port 1143, no encryption:
      it leaves this machine encrypted all the same.
  bothways run --pop3 pop.example.org
      The same for POP3, on port 1110.
  bothways run --webmail mail.example.org
      Then set the browser's proxy to 127.0.0.1, port 8080.
  bothways run --imap imap.example.org@127.0.0.1:1143 --imap imap.example.com@127.0.0.1:1144
  bothways run --imap plain:127.0.0.1:1144
      A server without TLS, such as a bridge on this machine: where it says "plain:", and nowhere else.
  bothways run --mail-host imap.example.net
      Then set the mail program's SOCKS5 proxy to 127.0.0.1, port 1080, leave its servers
      as they are (TLS, port 993 or 995), and import the certificate that `bothways ca` shows.

\b
Which account by which way:
                                --imap, --pop3           --mail-host
  a password (most providers)   yes                      yes
  Gmail, Yahoo, iCloud, AOL     with an app password     yes, signing in as ever
  Microsoft 365, Outlook.com    no                       yes, signing in as ever
Signing in with OAuth2 is tied to the server's real name, which a mail program keeps with
--mail-host alone. What is not mail of these hosts passes the SOCKS5 port untouched: mail
that you send, websites, other servers, and ports with STARTTLS (143, 110).

\b
One line on standard output for each listener, once all of them accept:
  listening imap 127.0.0.1:1143 -> imap.example.org:993
Port 0 takes a free port. SIGTERM and Ctrl-C end it with everything written.
"""
)
@click.option("--imap", type=IMAP, multiple=True, help="A mail server, reached over TLS.")
@click.option("--pop3", type=POP3, multiple=True, help="The same, for POP3.")
@click.option(
    "--mail-host",
    type=MAIL_HOST,
    multiple=True,
    help="A mail server whose mail is cleaned on its way through the SOCKS5 port.",
)
@click.option("--socks", type=SOCKS, help="SOCKS5 proxy for mail programs.  [default: 127.0.0.1:1080]")
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
@policy_option
@home_option
def run(  # noqa: PLR0913 - an argument for each option
    *,
    imap: tuple[UpstreamSpec, ...],
    pop3: tuple[UpstreamSpec, ...],
    mail_host: tuple[str, ...],
    socks: Target | None,
    webmail: tuple[Target, ...],
    http: Target,
    api: Target,
    upstream_ca: Path | None,
    resolve: tuple[tuple[Target, Target], ...],
    policy: str | None,
    home: Path | None,
) -> None:
    """Start the proxy and the local API, and keep them up until Ctrl-C.

    Mail is cleaned on its way to the mail program or the browser; the server's copy stays as it is.
    """
    from bothways_cli.service import run_service  # noqa: PLC0415 - takes a second, and `--help` needs none of it

    if socks and not mail_host:
        raise WrongUse("--socks opens mail of named servers only: name them, --mail-host imap.example.org")
    warn_of_plain((*imap, *pop3))
    config = ProxyConfig(
        home=make_home(find_home(home)),
        http_listen=http,
        imap=imap,
        pop3=pop3,
        webmail=webmail,
        socks_listen=(socks or SOCKS_LISTEN) if mail_host else None,
        mail_hosts=mail_host,
        upstream_ca=upstream_ca,
        resolve=dict(resolve),
    )
    run_service(config, api, partial(announce, webmail), policy=policy)


def warn_of_plain(specs: Sequence[UpstreamSpec]) -> None:
    """Say which servers are reached in a way on which others may listen."""
    for spec in specs:
        if spec.exposed:
            click.echo(
                f"Warning: {spec.server} is reached without TLS. Whoever is on the way there can read the "
                "password and all mail. Leave out `plain:` if the server has TLS.",
                err=True,
            )


def announce(webmail: tuple[Target, ...], service: "Service") -> None:
    """Write the listeners for programs, and the next step for people."""
    click.echo("\n".join(service.listeners))
    if not sys.stdout.isatty():
        return
    kinds = {line.split()[1] for line in service.listeners}
    if not kinds & {"imap", "pop3", "socks"} and not webmail:
        click.echo(
            "No mail comes this way yet: see --imap, --pop3, --mail-host and --webmail in "
            "`bothways run --help`.",
            err=True,
        )
    trusting = [("browser", webmail), ("mail program", "socks" in kinds)]
    for client in (name for name, asked in trusting if asked):
        click.echo(f"The {client} must trust {service.certificate}", err=True)
    click.echo("Connect the browser extension with `bothways pair`. Ctrl-C ends this.", err=True)
