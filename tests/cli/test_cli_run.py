"""`bothways run`: it says where it listens, gives way to no second one, and ends cleanly."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from bothways_cli.run import warn_of_plain
from bothways_proxy import parse_imap_spec, parse_pop3_spec

ANY = "127.0.0.1:0"


class Running(NamedTuple):
    process: subprocess.Popen[bytes]
    home: Path
    ports: dict[str, int]


@contextmanager
def running(home: Path) -> Iterator[Running]:
    words = ["run", "--home", home, "--http", ANY, "--api", ANY, "--imap", f"imap.example.org@{ANY}"]
    words += ["--mail-host", "imap.example.net", "--socks", ANY, "--pop3", f"pop.example.org@{ANY}"]
    with subprocess.Popen(
        [sys.executable, "-m", "bothways_cli", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            lines = [process.stdout.readline().decode() for _ in range(5)]
            yield Running(process, home, dict(map(read_listener, lines)))
        finally:
            process.kill()


def read_listener(line: str) -> tuple[str, int]:
    kind, port = re.fullmatch(
        r"listening (\w+) 127\.0\.0\.1:(\d+)(?: -> (?:imap\.example\.org:993|pop\.example\.org:995))?\n", line
    ).groups()
    return kind, int(port)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("running") / "home") as started:
        yield started


def ask(port: int, method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path, number):
    with running(tmp_path / "home") as started:
        assert ask(started.ports["api"], "GET", "/api/v1/health")[1]["program"] == "bothways"
        started.process.send_signal(number)
        assert (started.process.wait(120), started.process.stderr.read()) == (0, b"")


def test_every_listener_is_named_and_accepts(run):
    assert set(run.ports) == {"http", "imap", "pop3", "socks", "api"}
    for port in run.ports.values():
        socket.create_connection(("127.0.0.1", port), timeout=120).close()


def test_the_extension_is_paired_while_it_runs(run, bothways):
    shown = bothways("pair", "--home", run.home)
    assert shown.stderr == ""
    code = shown.stdout[:6]
    status, answer = ask(run.ports["api"], "POST", "/api/v1/pair", {"code": code, "name": "Chromium"})
    assert status == 201
    assert len(answer["token"]) >= 32


def test_a_second_one_with_the_same_home_is_refused(run, bothways):
    result = bothways("run", "--home", run.home, "--http", ANY, "--api", ANY)
    assert result.exit_code == 2
    assert f"already runs with the home folder {run.home} (process {run.process.pid})" in result.stderr


@pytest.mark.parametrize("option", ["--http", "--api"])
def test_a_port_that_is_taken_is_named(bothways, tmp_path, option):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = f"127.0.0.1:{holder.getsockname()[1]}"
        ports = {"--http": ANY, "--api": ANY, option: taken}
        result = bothways(
            "run", "--home", tmp_path / "home", *(word for pair in ports.items() for word in pair)
        )
    assert result.exit_code == 2
    assert taken in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--imap", "imap.example.org:143"),
        ("--imap", "imap.example.org@192.0.2.1:1143"),
        ("--pop3", "pop.example.org:110"),
        ("--pop3", "plain:pop.example.org:995"),
        ("--http", "nonsense"),
        ("--webmail", "https://mail.example.org"),
        ("--resolve", "a:1"),
        ("--mail-host", "imap.example.org:993"),
        ("--socks", "0.0.0.0:1080"),
        ("--upstream-ca", "/no/such/file"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(bothways, words):
    result = bothways("run", *words)
    assert result.exit_code == 2
    assert f"Invalid value for '{words[0]}'" in result.stderr


def test_a_socks_port_for_nobodys_mail_is_wrong_use(bothways):
    result = bothways("run", "--socks", ANY)
    assert result.exit_code == 2
    assert "--mail-host imap.example.org" in result.stderr


def test_the_certificate_is_shown(run, bothways):
    lines = bothways("ca", "--home", run.home).stdout.splitlines()
    assert lines[0] == f"certificate {run.home / 'ca' / 'bothways-root.crt'}"
    assert re.fullmatch(r"sha256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}", lines[1])
    assert lines[3:] == ["host check.bothways.invalid", "host imap.example.net"]


def test_a_home_without_a_certificate_is_told(bothways, tmp_path):
    result = bothways("ca", "--home", tmp_path)
    assert result.exit_code == 2
    assert "`bothways run` makes it" in result.stderr


def test_a_server_without_tls_is_warned_of_where_others_may_listen(capsys):
    specs = [parse_pop3_spec("plain:pop.example.org"), parse_pop3_spec("pop.example.org")]
    warn_of_plain([*specs, parse_imap_spec("plain:127.0.0.1:1144"), parse_imap_spec("plain:localhost")])
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Warning: pop.example.org:110 is reached without TLS.")
