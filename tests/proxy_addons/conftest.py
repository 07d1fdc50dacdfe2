"""The real proxy in a thread of its own, a real ledger behind it, and real servers before it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from bothways.ledger import Ledger, LedgerWriter
from bothways.ledger.copies import Copy
from bothways.status import RunStatus
from bothways_proxy import ProxyConfig
from bothways_proxy.master import run_proxy
from testbed.processes import SECONDS


@dataclass
class RunningProxy:
    """A proxy that accepts connections."""

    config: ProxyConfig
    lines: Sequence[str]
    status: RunStatus
    ledger: Ledger
    writer: LedgerWriter

    def port(self, kind: str) -> int:
        """Where the listener of this kind is."""
        line = next(line for line in self.lines if line.startswith(f"listening {kind} "))
        return int(line.split()[2].rpartition(":")[2])

    def recorded(self) -> Ledger:
        """Give the ledger once everything up to now is in it."""
        self.writer.stop(SECONDS)
        return self.ledger


@contextmanager
def running_proxy(config: ProxyConfig) -> Iterator[RunningProxy]:
    """Run the proxy until the block ends; an error of its own is raised here."""
    ledger = Ledger.open(config.home)
    writer, status = LedgerWriter(ledger), RunStatus()
    writer.start()
    ready, lines, failures = threading.Event(), list[str](), list[BaseException]()
    runner = asyncio.Runner()
    tasks: list[asyncio.Task[None]] = []

    def on_ready(announced: Sequence[str]) -> None:
        lines.extend(announced)
        ready.set()

    def copies_at(place: str) -> list[Copy]:
        return ledger.copies(alias=place)

    async def run_until_cancelled() -> None:
        tasks.append(
            asyncio.create_task(
                run_proxy(
                    config, writer, status, on_ready, paused_until=ledger.paused_until, copies_at=copies_at
                )
            )
        )
        await asyncio.wait(tasks)
        if not tasks[0].cancelled() and (error := tasks[0].exception()):
            failures.append(error)

    def run() -> None:
        with runner:
            runner.run(run_until_cancelled())
        ready.set()

    thread = threading.Thread(target=run, name="proxy")
    thread.start()
    try:
        assert ready.wait(SECONDS)
        if failures:
            raise failures[0]
        yield RunningProxy(config, lines, status, ledger, writer)
    finally:
        if thread.is_alive():
            runner.get_loop().call_soon_threadsafe(tasks[0].cancel)
        thread.join(SECONDS)
        writer.stop(SECONDS)
        ledger.close()
    assert not failures


@pytest.fixture
def start_proxy() -> Callable[[ProxyConfig], AbstractContextManager[RunningProxy]]:
    return running_proxy
