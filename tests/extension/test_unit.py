"""The parts of the extension that need no browser, by Node's own test runner; and its texts."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from bothways.judge.findings import Action, WhySeen
from drivers.chromium import EXTENSION

UNIT = Path(__file__).parent / "unit"


def test_the_pure_modules_pass_their_own_tests(require_debian: Callable[..., None]) -> None:
    require_debian("nodejs")
    files = sorted(str(path) for path in UNIT.glob("*.test.mjs"))
    result = subprocess.run(
        ["node", "--test", *files], check=False, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_text_that_the_code_names_is_written() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    code = "\n".join(path.read_text() for path in EXTENSION.rglob("*.js"))
    named = set(re.findall(r'(?:text|sentence|getMessage|heading:) ?\(?"(\w+)"', code))
    counted = set(re.findall(r'counted\("(\w+)"', code))
    assert len(named) > 50
    assert named <= texts.keys()
    assert {f"{key}_{form}" for key in counted for form in ("one", "other")} <= texts.keys()


def test_every_code_of_the_engine_has_its_words() -> None:
    texts = json.loads((EXTENSION / "_locales/en/messages.json").read_text())
    engine = EXTENSION.parent / "engine" / "bothways"
    code = "\n".join(path.read_text() for path in engine.rglob("*.py"))
    reasons = set(re.findall(r'Reason\(\s*"(\w+)"', code))
    assert "vendor_rule" in reasons
    assert not {f"reason_{reason}" for reason in reasons} - texts.keys(), "write these in _locales/en"
    assert {f"seen_{why}" for why in WhySeen} <= texts.keys()
    assert {f"action_{action}" for action in Action} <= texts.keys()


def test_nothing_makes_markup_or_code_from_strings() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|console\."
    )
    for path in EXTENSION.rglob("*.js"):
        assert not forbidden.search(path.read_text()), path
