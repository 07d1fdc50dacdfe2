"""`bothways demo`: sample mails, a server that plays their sellers, and the real proxy between them."""

import shlex
import signal
import socket
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click
from bothways_proxy import ProxyConfig, Target
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bothways_cli.demo_mail import named_hosts, read_samples
from bothways_cli.demo_site import LOOPBACK, WEBMAIL, Visits, serve_sellers, serve_webmail
from bothways_cli.demo_tour import Stage, tour
from bothways_cli.home import home_option, make_home
from bothways_cli.service import Service, run_service

API_PORT = 8417
"""Where the extension looks first; another port where this one is taken."""
EXTENSION = Path(__file__).parents[2] / "extension"
WATCH_SECONDS = 0.3


@click.command(
    epilog="""\b
Example:
  bothways demo
Needs no network and no root. Everything is kept in a folder that is gone afterwards,
or in DIR where --home names one.
"""
)
@home_option
def demo(home: Path | None) -> None:
    """See it work: sample mails full of trackers, and a local server that plays the sellers.

    Every mail is opened twice, past the proxy and through it. Then it stays up, so that you can
    look at the mails in a browser, until Ctrl-C.
    """
    mails, visits = read_samples(), Visits()
    failures: list[Exception] = []
    with _kept_in(home) as folder, serve_sellers(visits) as sellers, serve_webmail(mails) as webmail:
        named = {Target(host, 80): Target(LOOPBACK, sellers) for host in named_hosts(mails)}
        inbox = Target(WEBMAIL, 80)
        config = ProxyConfig(
            home=folder,
            http_listen=Target(LOOPBACK, 0),
            webmail=(inbox,),
            resolve={**named, inbox: Target(LOOPBACK, webmail)},
        )

        def show(service: Service) -> None:
            stage = Stage(mails, webmail, sellers, service.port("http"), visits)
            threading.Thread(target=_guide, args=(stage, service, failures), daemon=True).start()

        run_service(config, Target(LOOPBACK, _free_or_any(API_PORT)), show)
    if failures:
        raise failures[0]
    click.echo("The demo has ended.")


def _guide(stage: Stage, service: Service, failures: list[Exception]) -> None:
    """Give the tour, say how to look further, then tell whatever else the sellers hear."""
    try:
        click.echo("\n".join(service.listeners) + "\n")
        for line in tour(stage, service.ledger):
            click.echo(line)
        click.echo("\n" + _how_to_look(service))
        while not service.ending.wait(WATCH_SECONDS):
            for url in stage.visits.take():
                click.echo(f"The sellers heard: {url}")
    except Exception as error:  # noqa: BLE001 - a thread's failure is handed to the main one
        if not service.ending.is_set():
            failures.append(error)
            signal.raise_signal(signal.SIGTERM)


def _how_to_look(service: Service) -> str:
    browser = [
        "chromium",
        "--no-first-run",
        f"--user-data-dir={service.home / 'browser'}",
        f"--proxy-server=http://{LOOPBACK}:{service.port('http')}",
        f"--ignore-certificate-errors-spki-list={key_hash(service.certificate)}",
        *([f"--load-extension={EXTENSION}"] if EXTENSION.is_dir() else []),
        f"http://{WEBMAIL}/",
    ]
    return f"""\
Look for yourself, in a browser with a profile of its own that trusts this proxy:
  {shlex.join(browser)}
The extension's popup asks for this code once, within two minutes: {service.ledger.new_pairing_code()}
  another code: bothways pair --home {shlex.quote(str(service.home))}
  API: http://{LOOPBACK}:{service.port("api")}/api/v1/health
Ctrl-C ends the demo."""


def key_hash(certificate: Path) -> str:
    """Return the SHA-256 of a certificate's public key, as Chromium wants it named."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    octets = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(octets).digest()).decode()


@contextmanager
def _kept_in(home: Path | None) -> Iterator[Path]:
    if home is not None:
        yield make_home(home.expanduser().absolute())
        return
    with tempfile.TemporaryDirectory(prefix="bothways-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _free_or_any(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return 0
    return port
