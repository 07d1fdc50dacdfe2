"""The extension as it is once its user has told it what the tests cannot click."""

import base64
import hashlib
import json
import shutil
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "extension"
DEFAULT_ADDRESS = "127.0.0.1:8417"


def copy_extension(folder: Path, address: str, *origins: str) -> Path:
    """Copy it for a Bothways at this address, allowed to look at pages of these origins.

    The default address may be in use by a Bothways that is not the test's; and a browser asks for permissions
    in a window of its own.
    """
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    settings = folder / "lib/settings.js"
    text = settings.read_text(encoding="utf-8")
    assert text.count(DEFAULT_ADDRESS) == 1
    settings.write_text(text.replace(DEFAULT_ADDRESS, address), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["host_permissions"] += origins
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def chromium_id(extension: Path) -> str:
    """Give the id that Chromium derives from the key of the manifest: its hash, in the letters a to p."""
    key = base64.b64decode(json.loads((extension / "manifest.json").read_text(encoding="utf-8"))["key"])
    digits = hashlib.sha256(key).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digits)
