"""The parts of the extension that need no browser, by Node's own test runner; and its texts."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from bothways.judge.findings import Action, WhySeen
from bothways.wire.events import Why
from bothways_cli.words import NOTES
from drivers.chromium import EXTENSION
from testbed.processes import run_to_end

UNIT = Path(__file__).parent / "unit"


def test_the_pure_modules_pass_their_own_tests(require_debian: Callable[..., None]) -> None:
    require_debian("nodejs")
    files = sorted(str(path) for path in UNIT.glob("*.test.mjs"))
    result = run_to_end(["node", "--test", *files], check=False)
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()


def test_every_text_that_the_code_names_is_written() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    code = "\n".join(path.read_text() for path in EXTENSION.rglob("*.js"))
    named = set(re.findall(r'(?:text|sentence|getMessage|heading:) ?\(?"(\w+)"', code))
    counted = set(re.findall(r'(?:counted|plural)\("(\w+)"', code))
    assert len(named) > 50
    assert named <= texts.keys()
    assert {f"{key}_{form}" for key in counted for form in ("one", "other")} <= texts.keys()


def test_no_text_holds_what_a_browser_takes_for_a_name() -> None:
    # In `$1$2` Chromium reads `$1$`, the name of a placeholder that is not there, and loads nothing.
    for path in (EXTENSION / "_locales").glob("*/messages.json"):
        texts = json.loads(path.read_text())
        assert not [key for key, entry in texts.items() if re.search(r"\$\w+\$", entry["message"])]


def test_every_code_of_the_engine_has_its_words() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    engine = EXTENSION.parent / "engine" / "bothways"
    code = "\n".join(path.read_text() for path in engine.rglob("*.py"))
    reasons = set(re.findall(r'Reason\(\s*"(\w+)"', code))
    assert "vendor_rule" in reasons
    assert not {f"reason_{reason}" for reason in reasons} - texts.keys(), "write these in _locales/en"
    assert {f"seen_{why}" for why in WhySeen} <= texts.keys()
    assert {f"action_{action}" for action in Action} <= texts.keys()


def test_every_note_of_the_program_has_its_words() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    sources = [EXTENSION.parent / "engine", EXTENSION.parent / "proxy_addons"]
    lines = [
        line for root in sources for path in root.rglob("*.py") for line in path.read_text().splitlines()
    ]
    # What is noted is written on a line that says so: notes=("paused",), notes.append(f"remote:{count}")
    said = [line for line in lines if re.search(r"\bnotes?\b|_notes\b", line)]
    noted = {code for line in said for code in re.findall(r'"([a-z_0-9]+)[":]', line)} - {"notes"}
    assert {"paused", "failed", "not_looked_at", "dkim", "remote", "limit", "base64"} <= noted
    assert not {f"note_{code}" for code in noted} - texts.keys(), "write these in _locales/en"
    assert not noted - NOTES.keys(), "write these in the command's words"
    assert not {f"note_{code}" for code in NOTES} - texts.keys()
    assert not {f"note_not_looked_at_{why}" for why in Why} - texts.keys(), "write these in _locales/en"


def test_every_reason_for_passing_has_its_words() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    wire = EXTENSION.parent / "engine" / "bothways" / "wire"
    code = "\n".join(path.read_text() for path in wire.glob("*.py"))
    reasons = set(re.findall(r'raise OddityError\("(\w+)"\)', code))
    faults = set(re.findall(r'_go_through\(\s*f?"(\w+)', code))
    assert ("not_a_response" in reasons, faults) == (True, {"fault"})
    assert not re.findall(r'raise OddityError\((?!")', code), "a reason that this test cannot read"
    told = {f"incident_{reason}" for reason in reasons | faults | set(Why)}
    assert not told - texts.keys(), "write these in _locales/en"


def test_nothing_makes_markup_or_code_from_strings() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|console\."
    )
    for path in EXTENSION.rglob("*.js"):
        assert not forbidden.search(path.read_text()), path
