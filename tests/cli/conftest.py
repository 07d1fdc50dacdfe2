"""Mails for the tests of the command, and the command itself: inside this process or as one of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from bothways_cli.main import main
from click.testing import CliRunner, Result

_HASHES = f"{'0a' * 20}/{'1b' * 16}/{'2c' * 16}"
_TARGET = "https://shop.example/offer?id=7"
_PIXEL = f"https://t.yesware.com/t/{_HASHES}/spacer.gif"
_WRAPPED = f"https://t.yesware.com/tl/{_HASHES}?ytl=https%3A%2F%2Fshop.example%2Foffer%3Fid%3D7"
_TRACKED = f"""From: Seller <seller@shop.example>
To: buyer@example.com
Subject: An offer
Date: Tue, 03 Nov 2026 10:20:30 +0100
Message-ID: <offer-1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>Grüße! <a href="{_WRAPPED}">The offer</a></p>
<img src="{_PIXEL}" width="1" height="1">
<img src="https://shop.example/logo.png" width="200" height="50">
"""
_PLAIN = b"From: friend@example.org\nMessage-ID: <2@example.org>\nSubject: hi\n\nSee you on Friday.\n"


class Letters(NamedTuple):
    """A mail with one open pixel and one click wrapper of Yesware, and a mail without anything."""

    tracked: bytes
    plain: bytes
    pixel: str
    wrapped: str
    target: str

    @property
    def mbox(self) -> bytes:
        first, second = b"From a@b Tue Nov  3 10:20:30 2026\n", b"\nFrom c@d Tue Nov  3 10:20:30 2026\n"
        return first + self.tracked + second + self.plain


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the tests away from the home folder of whoever runs them."""
    place = tmp_path_factory.mktemp("home") / "bothways"
    monkeypatch.setenv("BOTHWAYS_HOME", str(place))
    return place


@pytest.fixture
def letters() -> Letters:
    return Letters(_TRACKED.encode(), _PLAIN, _PIXEL, _WRAPPED, _TARGET)


@pytest.fixture
def offer(tmp_path: Path, letters: Letters) -> Path:
    path = tmp_path / "offer.eml"
    path.write_bytes(letters.tracked)
    return path


@pytest.fixture
def bothways() -> Callable[..., Result]:
    """Run the command inside this process."""

    def invoke(*words: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=stdin, prog_name="bothways")

    return invoke


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the command as a process of its own; whatever is left of it at the end is killed."""
    with ExitStack() as stack:

        def begin(*words: str | Path) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "bothways_cli", *map(str, words)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield begin
