"""The real command `bothways run` as a user starts it, and a client of its API."""

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbed.processes import HOST, SECONDS, end, run_to_end, running, wait_until

COMMAND = (str(Path(sys.executable).with_name("bothways")),)
LISTENING = re.compile(r"^listening (\w+) \S+:(\d+)\b.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bothways:
    """A running Bothways: its process, its home folder, and the ports it has told of."""

    process: subprocess.Popen[bytes]
    home: Path
    log: Path
    ports: dict[str, int]

    @property
    def api(self) -> str:
        """Where its API is, as people type it."""
        return f"{HOST}:{self.ports['api']}"

    @property
    def authority(self) -> Path:
        """The certificate that its proxy's clients must trust."""
        return next(self.home.rglob("bothways-root.crt"))

    def stop(self) -> int:
        """End it the way a user's system does, and give the exit code."""
        return end(self.process, seconds=SECONDS)

    def pairing_code(self) -> str:
        """Ask the command line for a code, as the user does."""
        shown = call("pair", "--home", str(self.home))
        found = re.search(r"\b\d{6}\b", shown.stdout)
        assert found, shown
        return found[0]

    def pair(self, name: str = "tests") -> "Client":
        """Become a client of the API."""
        body = json.dumps({"code": self.pairing_code(), "name": name}).encode()
        headers = {"Content-Type": "application/json"}
        answer = _open(f"http://{self.api}/api/v1/pair", body, headers)
        return Client(f"http://{self.api}", answer["token"])


@dataclass(frozen=True, slots=True)
class Client:
    """One who may read the ledger."""

    address: str
    token: str

    def get(self, path: str, **query: str) -> Any:
        """Ask for one resource below /api/v1."""
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        return _open(url, None, {"Authorization": f"Bearer {self.token}"})

    def messages(self, alias: str) -> list[dict[str, Any]]:
        """Give what the ledger knows under an alias by now."""
        found: list[dict[str, Any]] = self.get("messages", alias=alias)["messages"]
        return found


def eventually(probe: Callable[[], Any]) -> Any:
    """Probe until the answer is true or time is up: the ledger is written beside the mail's way."""
    until = time.monotonic() + SECONDS
    while not (value := probe()) and time.monotonic() < until:
        time.sleep(0.1)
    return value


StartBothways = Callable[..., AbstractContextManager[Bothways]]


def call(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    done = run_to_end([*COMMAND, *words], check=False, env=environment)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def run_bothways(
    home: Path, log: Path, *words: str, imap: Sequence[str] = (), pop3: Sequence[str] = ()
) -> Iterator[Bothways]:
    """Start `bothways run` on ports of its own choice; `imap` and `pop3` are the servers it stands before.

    At the end it must stop with exit code 0.
    """
    chosen = ["--home", str(home), "--http", f"{HOST}:0", "--api", f"{HOST}:0"]
    for option, servers in (("--imap", imap), ("--pop3", pop3)):
        for server in servers:
            chosen += [option, f"{server}@{HOST}:0"]
    with running([*COMMAND, "run", *chosen, *words], log=log) as process:
        wait_until(_told(log, 2 + len(imap) + len(pop3)), process, log)
        ports = {name: int(port) for name, port in LISTENING.findall(log.read_text())}
        bothways = Bothways(process, home, log, ports)
        yield bothways
        assert bothways.stop() == 0, log.read_text()


def _told(log: Path, count: int) -> Callable[[], bool]:
    return lambda: len(LISTENING.findall(log.read_text())) >= count


def _open(url: str, body: bytes | None, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(url, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        return json.load(response)
