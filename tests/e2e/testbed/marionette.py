"""The remote control built into Mozilla programs: JSON messages over a socket, their length in front.

A message is `[0, id, command, parameters]`, its answer `[1, id, error, result]`.
"""

import itertools
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from testbed.processes import HOST, SECONDS

ANSWER_SECONDS = SECONDS + 30


class MarionetteError(Exception):
    """The program refused a command, or a script of ours failed in it."""


class Marionette:
    """One session; every command waits for its answer."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = connection.makefile("rb")
        self._ids = itertools.count(1)
        self._receive()  # the program's greeting

    def close(self) -> None:
        """Hang up; the program goes on."""
        self._reader.close()
        self._connection.close()

    def command(self, name: str, **parameters: Any) -> Any:
        """Send a command and give its result."""
        number = next(self._ids)
        message = json.dumps([0, number, name, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(message), message))
        _, answered, error, result = self._receive()
        assert answered == number, "answers come in the order of the commands"
        if error:
            raise MarionetteError(f"{name}: {error['error']}: {error['message']}")
        return result

    @contextmanager
    def within(self, context: str) -> Iterator[None]:
        """Let commands meanwhile act on the program ("chrome") or on the page that it shows ("content")."""
        before = self.command("Marionette:GetContext")["value"]
        self.command("Marionette:SetContext", value=context)
        try:
            yield
        finally:
            self.command("Marionette:SetContext", value=before)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of an async function; `args` are the arguments."""
        wrapped = (
            "const done = arguments[arguments.length - 1], args = [...arguments].slice(0, -1);"
            f"(async () => {{{script}}})().then(value => done({{value}}), error =>"
            " done({error: `${error} ${error?.stack}`}));"
        )
        parameters = {"script": wrapped, "args": arguments, "sandbox": None}
        answer = self.command("WebDriver:ExecuteAsyncScript", **parameters)["value"]
        if answer is None:
            raise MarionetteError(f"no answer to {script[-200:]} of {arguments}: {self._dialog()}")
        if "error" in answer:
            raise MarionetteError(answer["error"])
        return answer.get("value")

    def _dialog(self) -> str:
        """Give the text of the dialog that stands in the way of a script, as far as there is one."""
        try:
            return str(self.command("WebDriver:GetAlertText")["value"])
        except MarionetteError as error:
            return str(error)

    def _receive(self) -> Any:
        digits = b""
        while (octet := self._reader.read(1)) != b":":
            if not octet:
                raise MarionetteError("the program hung up")
            digits += octet
        return json.loads(self._reader.read(int(digits)))


@contextmanager
def controlling(port: int) -> Iterator[Marionette]:
    """Open a session that acts on the program itself, not on a page."""
    session = Marionette(socket.create_connection((HOST, port), ANSWER_SECONDS))
    try:
        session.command("WebDriver:NewSession", capabilities={})
        session.command("WebDriver:SetTimeouts", script=SECONDS * 1000)
        session.command("Marionette:SetContext", value="chrome")
        yield session
    finally:
        session.close()
