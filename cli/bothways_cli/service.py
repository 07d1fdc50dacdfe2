"""One running Bothways: home, ledger, writer, API and proxy, begun in this order and ended in reverse."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bothways.ledger import Ledger, LedgerError, LedgerWriter
from bothways.ledger.copies import Copy
from bothways.status import RunStatus
from bothways_api.app import create_app
from bothways_api.server import ServeError, serve
from bothways_proxy import ProxyConfig, Target, parse_target
from bothways_proxy.authority import root_file
from bothways_proxy.master import StartError, run_proxy

from bothways_cli.errors import WrongUse
from bothways_cli.home import lock
from bothways_cli.rules import use_own_rules
from bothways_cli.settled import use_settings

WRITE_SECONDS = 30.0
"""How long the end waits for the ledger to take what is queued."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running Bothways: its home, a line for every listener, its ledger, and whether it was told to end."""

    home: Path
    listeners: Sequence[str]
    ledger: Ledger
    ending: threading.Event

    @property
    def certificate(self) -> Path:
        """The certificate that clients must trust whose TLS is opened."""
        return root_file(self.home)

    def port(self, kind: str) -> int:
        """Return the port of the first listener of a kind: "http", "imap", "pop3" or "api"."""
        words = next(line.split() for line in self.listeners if line.startswith(f"listening {kind} "))
        return parse_target(words[2]).port


def run_service(
    config: ProxyConfig, api: Target, on_ready: Callable[[Service], None], *, policy: str | None = None
) -> None:
    """Run until SIGINT or SIGTERM; raise `WrongUse` where something cannot begin.

    `on_ready` is called once everything accepts connections; `policy` wins over the settings file.
    """
    logging.basicConfig(format="bothways: %(message)s")
    use_own_rules(config.home)
    config = replace(config, settings=use_settings(config.home, policy=policy))
    ending = threading.Event()
    with lock(config.home), _open_ledger(config) as ledger, _writing_to(ledger) as writer:
        status = RunStatus()
        status.lost_events = lambda: writer.lost
        with _serving_api(ledger, status, api) as api_port:
            own = Target(api.host, api_port)
            config = replace(config, own_listeners=config.own_listeners | {own})

            def ready(lines: Sequence[str]) -> None:
                on_ready(Service(config.home, [*lines, f"listening api {own}"], ledger, ending))

            def copies_at(place: str) -> Sequence[Copy]:
                return ledger.copies(alias=place)

            proxy = run_proxy(
                config, writer, status, ready, paused_until=ledger.paused_until, copies_at=copies_at
            )
            _run_until_signal(proxy, ending)


def _run_until_signal(proxy: Coroutine[Any, Any, None], ending: threading.Event) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(proxy)

        def end() -> None:
            ending.set()
            task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, end)
        with suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(run())
    except StartError as error:
        raise WrongUse(str(error)) from error


@contextmanager
def _open_ledger(config: ProxyConfig) -> Iterator[Ledger]:
    try:
        ledger = Ledger.open(config.home)
    except LedgerError as error:
        raise WrongUse(str(error)) from error
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def _writing_to(ledger: Ledger) -> Iterator[LedgerWriter]:
    writer = LedgerWriter(ledger)
    writer.start()
    try:
        yield writer
    finally:
        writer.stop(WRITE_SECONDS)


@contextmanager
def _serving_api(ledger: Ledger, status: RunStatus, api: Target) -> Iterator[int]:
    try:
        server = serve(create_app(ledger, status), api.host, api.port)
    except ServeError as error:
        raise WrongUse(str(error)) from error
    try:
        yield server.port
    finally:
        server.close()
