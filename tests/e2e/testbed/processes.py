"""Servers and clients as child processes: each in a group of its own, with a log, gone at the end."""

import os
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
SECONDS = 120
"""How long anything may take: even a slow and busy machine needs less, so what takes longer hangs."""


class NotStartedError(Exception):
    """A component ended, or did not listen, before its tests could begin; holds the end of its log."""


class ProgramError(Exception):
    """A program failed, or was not over in time; holds the end of what it said."""


def free_port() -> int:
    """Find a port below the range of outgoing connections, so that none of these takes it meanwhile."""
    for port in random.sample(range(15000, 32000), 200):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise NotStartedError("no free port found")


def free_ports(count: int) -> list[int]:
    """Find several, all different."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


def loopback() -> list[str]:
    """Give the addresses that `localhost` may mean; on many machines it means IPv6 first."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return [HOST]
    return [HOST, "::1"]


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    inherited: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in its own process group, its output in `log`, and end the whole group.

    `env` is added to this process' own; `inherited` are file descriptors that the child keeps.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            pass_fds=inherited,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], *, seconds: float = 10) -> int:
    """Ask the process to stop, kill what is left of its group, and give the exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def run_to_end(
    command: Sequence[str | Path],
    *,
    check: bool = True,
    terminal: bool = False,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end and give what it said; `terminal` is where one is lent to it.

    Its output goes to files: a pipe would be read as long as anything that it started holds the other end.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, ExitStack() as stack:
        screen = stack.enter_context(_terminal(out)) if terminal else None
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL if screen is None else screen,
            stdout=out if screen is None else screen,
            stderr=err,
            cwd=folder,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS)
            hung = process.poll() is None
        finally:
            code = end(process)
            stack.close()
        done = subprocess.CompletedProcess(command, code, _content(out), _content(err))
    if hung or (check and code):
        ended = f"not over after {SECONDS} s" if hung else f"ended with {code}"
        raise ProgramError(f"{command} {ended}: {done.stdout[-2000:]!r} {done.stderr[-2000:]!r}")
    return done


@contextmanager
def _terminal(output: IO[bytes]) -> Iterator[int]:
    """Give a terminal on which nobody types, and whose screen is `output`."""
    ours, theirs = os.openpty()

    def read() -> None:
        with suppress(OSError):  # raised once nobody holds the other end
            while octets := os.read(ours, 65536):
                output.write(octets)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield theirs
    finally:
        os.close(theirs)
        reader.join(SECONDS)
        os.close(ours)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the process accepts connections on this port of the loopback."""
    wait_until(lambda: _accepts(port), process, log)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once `ready()` is true; raise with the log's end where the process ends or takes too long."""
    until = time.monotonic() + SECONDS
    while not ready():
        if process.poll() is not None:
            raise NotStartedError(f"ended with {process.returncode}\n{tail(log)}")
        if time.monotonic() > until:
            raise NotStartedError(f"not ready after {SECONDS} s\n{tail(log)}")
        time.sleep(0.05)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 0.5).close()
    except OSError:
        return False
    return True


def tail(log: Path, lines: int = 40) -> str:
    """Give the last lines of a log, "" where there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
