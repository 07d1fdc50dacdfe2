"""The command as a whole: its help, what it loads, and a code for the extension."""

import re
import subprocess
import sys
from importlib import import_module

import pytest
from bothways.ledger import Ledger
from bothways_cli.main import COMMANDS

HEAVY = {"sqlalchemy", "flask", "flask_smorest", "mitmproxy"}
LOADED = """
import sys
from bothways_cli.main import main
try:
    main(sys.argv[1:], prog_name="bothways")
finally:
    print("LOADED", *sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def loaded_by(*code: str, stdin: bytes = b"") -> set[str]:
    done = subprocess.run([sys.executable, "-c", *code], input=stdin, capture_output=True, check=True)
    return set(done.stderr.decode().partition("LOADED ")[2].split())


@pytest.mark.parametrize("words", [["--help"], ["scan", "-"], ["links"], ["--version"]])
def test_light_commands_load_nothing_heavy(words, letters):
    loaded = loaded_by(LOADED, *words, stdin=letters.tracked)
    assert "bothways_cli" in loaded
    assert not HEAVY & loaded


def test_importing_the_engine_loads_nothing_heavy():
    code = "import sys, bothways; print('LOADED', *sys.modules, file=sys.stderr)"
    assert not (HEAVY | {"bothways.clean"}) & loaded_by(code)


def test_help_names_every_command(bothways):
    shown = bothways("--help").stdout
    assert all(re.search(rf"^  {name} ", shown, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_example(bothways, name):
    command = getattr(import_module(f"bothways_cli.{name}"), name)
    assert command.name == name
    assert f"bothways {name}" in bothways(name, "--help").stdout.partition("Example")[2]


def test_version_names_the_rules(bothways):
    assert re.fullmatch(
        r"bothways \d+\.\d+\.\d+ \(rules of \d{4}-\d\d-\d\d\)\n", bothways("--version").stdout
    )


def test_an_unknown_command_is_wrong_use(bothways):
    result = bothways("scann")
    assert result.exit_code == 2
    assert "No such command" in result.stderr


def test_pair_shows_a_code_and_its_end(bothways, tmp_path):
    home = tmp_path / "home"
    Ledger.open(home).close()
    result = bothways("pair", "--home", home)
    assert re.fullmatch(r"\d{6}\nType it into .* before \d\d:\d\d:\d\d\.\n", result.stdout)
    assert f"no Bothways runs with the home folder {home}" in result.stderr


def test_pair_makes_no_home_of_its_own(bothways, tmp_path):
    home = tmp_path / "mistyped"
    result = bothways("pair", "--home", home)
    assert (result.exit_code, result.stdout, home.exists()) == (2, "", False)
    assert f"no Bothways was ever run with the home folder {home}" in result.stderr


def test_a_home_open_to_others_is_refused(bothways, tmp_path):
    home = tmp_path / "home"
    Ledger.open(home).close()
    home.chmod(0o777)
    result = bothways("pair", "--home", home)
    assert result.exit_code == 2
