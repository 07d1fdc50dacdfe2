"""The home folder: where it is, whose it is, and that one program at a time runs in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home, lock, make_home

HOLDER = """
import sys, pathlib
from bothways_cli.home import lock
with lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("BOTHWAYS_HOME", str(tmp_path / "from-environment"))
    assert find_home(tmp_path / "chosen") == tmp_path / "chosen"
    assert find_home(None) == tmp_path / "from-environment"


def test_the_platform_names_the_home_where_nobody_else_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("BOTHWAYS_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert find_home(None) == tmp_path / "bothways"


def test_a_new_home_is_closed_to_everyone_else(tmp_path: Path):
    assert make_home(tmp_path / "a/b").stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse, match="cannot use the home folder"):
        make_home(tmp_path / "file/home")


def test_a_second_program_is_told_who_holds_the_home(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WrongUse, match=f"process {holder.pid}"), lock(tmp_path):
            pass
        holder.kill()
    with lock(tmp_path):
        assert (tmp_path / "bothways.lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path):
    (tmp_path / "bothways.lock").mkdir()
    with pytest.raises(WrongUse, match="Is a directory"), lock(tmp_path):
        pass
