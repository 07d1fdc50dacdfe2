"""Debian's Thunderbird on a display of its own, under remote control, with one account and our extension."""

import os
import select
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbed.chromium import trust
from testbed.dovecot import Account
from testbed.marionette import Marionette, controlling
from testbed.processes import HOST, SECONDS, NotStartedError, free_port, run_to_end, running, wait_for_port
from testbed.thunderbird_profile import Preferences, write_profile

FUNCTIONS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
SCREEN = "1280x860x24"


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as the reader sees it: the document, and each image's address with its natural width."""

    html: str
    images: dict[str, int]


@dataclass(frozen=True, slots=True)
class Thunderbird:
    """A running Thunderbird."""

    session: Marionette
    display: str

    def show(self, subject: str) -> Shown:
        """Fetch mail, open the one with this subject and wait until it is drawn."""
        shown = self._call("show", self._call("fetchMail"), subject)
        return Shown(shown["html"], dict(shown["images"]))

    def open_popup(self, subject: str) -> str:
        """Click our button beside this mail's headers, and give the state that the popup finds out."""
        self._call("openPopup", self._call("fetchMail"), subject)
        return str(self._call("popupState", None))

    def fill_in(self, field: str, value: str) -> str:
        """Fill in a field of the open popup, send its form, and give the state that follows."""
        before = self.in_popup("return document.body.dataset.state")
        send = (
            "const field = document.querySelector(values[0]);"
            "field.value = values[1];"
            "field.form.requestSubmit();"
        )
        self.in_popup(send, field, value)
        return str(self._call("popupState", before))

    def in_popup(self, body: str, *values: Any) -> Any:
        """Run the body of a function(document, values) in the open popup."""
        return self._call("inPopup", body, values)

    def photograph(self, picture: Path) -> None:
        """Write what the screen shows, once the open popup has its size, as PNG."""
        self._call("popupSettles")
        run_to_end(["import", "-window", "root", picture], env=_on(self.display))

    def _call(self, function: str, *arguments: Any) -> Any:
        return self.session.run(f"{FUNCTIONS}\nreturn await {function}(...args);", *arguments)


@contextmanager
def run_thunderbird(
    home: Path,
    account: Account,
    *,
    imap_port: int,
    proxy_port: int,
    trusted: Sequence[Path],
    extension: Path,
    preferences: Preferences | None = None,
) -> Iterator[Thunderbird]:
    """Start it with the account at a plain port of the loopback, everything it keeps under `home`.

    `preferences` are set above those; a server that they name is the account's.
    """
    control, others = free_port(), preferences or {}
    ports = {"imap_port": imap_port, "proxy_port": proxy_port, "control_port": control}
    write_profile(home, account, others=others, **ports)
    trust(home, *trusted)
    words = ["thunderbird", "--marionette", "--remote-allow-system-access", "--no-remote"]
    log = home / "thunderbird.log"
    with ExitStack() as stack:
        display = stack.enter_context(_display(home))
        environment = {**_on(display), "HOME": str(home), "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"}
        process = stack.enter_context(running([*words, "-profile", str(home)], log=log, env=environment))
        wait_for_port(control, process, log)
        session = stack.enter_context(controlling(control))
        session.command("Addon:Install", path=str(extension), temporary=True)
        session.command("Marionette:SetContext", value="chrome")
        thunderbird = Thunderbird(session, display)
        server = others.get("mail.server.server1.hostname", HOST)
        scheme = "mailbox" if others.get("mail.server.server1.type") == "pop3" else "imap"
        thunderbird._call("storePassword", scheme, server, account.user, account.password)
        yield thunderbird


@contextmanager
def _display(home: Path) -> Iterator[str]:
    """Start a screen without a monitor and a window manager on it."""
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with ExitStack() as stack:
        stack.callback(os.close, read)
        stack.enter_context(running(words, log=home / "xvfb.log", inherited=[write]))
        os.close(write)
        told, _, _ = select.select([read], [], [], SECONDS)
        number = os.read(read, 10).decode().strip() if told else ""
        if not number:
            raise NotStartedError("Xvfb found no display")
        stack.enter_context(running(["openbox"], log=home / "openbox.log", env=_on(f":{number}")))
        yield f":{number}"


def _on(display: str) -> dict[str, str]:
    return {"DISPLAY": display}
