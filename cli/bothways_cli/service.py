"""One running Bothways: home, ledger, writer, API and proxy, begun in this order and ended in reverse."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from bothways.ledger import Ledger, LedgerError, LedgerWriter
from bothways.status import RunStatus
from bothways_api.app import create_app
from bothways_api.server import ServeError, serve
from bothways_proxy import ProxyConfig, Target
from bothways_proxy.master import StartError, run_proxy

from bothways_cli.errors import WrongUse
from bothways_cli.home import lock

WRITE_SECONDS = 30.0
"""How long the end waits for the ledger to take what is queued."""

type OnReady = Callable[[Sequence[str], Ledger], None]
"""Called once everything accepts connections, with a line for every listener."""


def run_service(config: ProxyConfig, api: Target, on_ready: OnReady) -> None:
    """Run until SIGINT or SIGTERM; raise `WrongUse` where something cannot begin."""
    with lock(config.home), _open_ledger(config) as ledger, _writing_to(ledger) as writer:
        status = RunStatus()
        status.lost_events = lambda: writer.lost
        with _serving_api(ledger, status, api) as api_port:
            own = Target(api.host, api_port)
            config = replace(config, own_listeners=config.own_listeners | {own})

            def ready(lines: Sequence[str]) -> None:
                on_ready([*lines, f"listening api {own}"], ledger)

            proxy = run_proxy(config, writer, status, ready, paused_until=ledger.paused_until)
            _run_until_signal(proxy)


def _run_until_signal(proxy: Coroutine[Any, Any, None]) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(proxy)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
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
