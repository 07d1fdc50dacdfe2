"""On a terminal: progress on standard error, colours, and lines that fit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def show(*words: str | Path, terminal: str, other: Path) -> str:
    """Run the command with one stream on a terminal, both others in a file; gives what the terminal got."""
    leader, follower = os.openpty()
    with other.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bothways_cli", *words],
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "60"},
            **{"stdout": file, "stderr": file, terminal: follower},
        )
    os.close(follower)
    seen = b""
    try:
        while chunk := os.read(leader, 4096):
            seen += chunk
    except OSError:  # Linux says so when the last one who holds the terminal is gone
        pass
    finally:
        os.close(leader)
    assert process.wait(120) == 0
    return seen.decode()


@pytest.fixture
def many(tmp_path, letters) -> Path:
    path = tmp_path / "box"
    path.write_bytes((b"From a 00:00\n" + letters.tracked + b"\n") * 300)
    return path


def test_progress_is_shown_to_a_person_only(many, tmp_path):
    seen = show("scan", "--format", "ndjson", many, terminal="stderr", other=tmp_path / "out")
    assert "with trackers" in seen
    written = (tmp_path / "out").read_text()
    assert "with trackers" not in written
    assert len(written.splitlines()) == 300


def test_text_is_coloured_and_fits_the_terminal(offer, letters, tmp_path):
    seen = show("scan", offer, terminal="stdout", other=tmp_path / "out")
    assert "\x1b[1;32mBlocked" in seen
    assert letters.pixel not in seen
    assert letters.pixel[:50] in seen
