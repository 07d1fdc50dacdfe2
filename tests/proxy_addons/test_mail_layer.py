"""The layer that carries the IMAP engine, its events driven one by one."""

from dataclasses import dataclass

import pytest
from bothways.message.edits import Edit
from bothways.wire.events import Event, Extent, Where
from bothways.wire.imap import ImapEngine
from bothways_proxy.mail_layer import MailLayer, explain_failure
from mitmproxy.connection import ConnectionState
from mitmproxy.options import Options
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.test import tflow

FETCHED = b"* 1 FETCH (BODY[] {5}\r\nabcde)\r\n"


@dataclass(frozen=True)
class Upper:
    raw: bytes
    edits: tuple[Edit, ...]


def upper(raw: bytes, where: Where, extent: Extent) -> Upper:
    return Upper(raw.upper(), (Edit(0, raw, raw.upper()),))


class Carried:
    """A layer between two connections that nobody holds."""

    def __init__(self, heard: list[Event]) -> None:
        self.client, self.server = tflow.tclient_conn(), tflow.tserver_conn()
        self.server.address = ("imap.example.org", 993)
        self.context = Context(self.client, Options())
        self.context.server = self.server
        self.layer = MailLayer(self.context, ImapEngine(upper), heard.append)
        (self.opening,) = self.layer.handle_event(events.Start())

    def opened(self, error: str | None = None) -> list[commands.Command]:
        self.client.state = ConnectionState.OPEN
        self.server.state = ConnectionState.CLOSED if error else ConnectionState.OPEN
        assert isinstance(self.opening, commands.OpenConnection)
        return list(self.layer.handle_event(events.OpenConnectionCompleted(self.opening, error)))

    def server_says(self, octets: bytes) -> bytes:
        sent = self.layer.handle_event(events.DataReceived(self.server, octets))
        return b"".join(command.data for command in sent if isinstance(command, commands.SendData))

    def closed(self, connection: object) -> list[commands.Command]:
        assert connection in (self.client, self.server)
        connection.state &= ~ConnectionState.CAN_READ  # type: ignore[attr-defined]
        return list(self.layer.handle_event(events.ConnectionClosed(connection)))  # type: ignore[arg-type]


def test_octets_go_through_the_engine() -> None:
    carried = Carried(heard := [])
    assert carried.opened() == []
    assert carried.server_says(FETCHED) == FETCHED.replace(b"abcde", b"ABCDE")
    assert len(heard) == 1


def test_a_client_that_says_no_more_still_gets_cleaned_mail() -> None:
    carried = Carried([])
    carried.opened()
    (half,) = carried.closed(carried.client)
    assert isinstance(half, commands.CloseTcpConnection)
    assert half.half_close
    assert carried.server_says(FETCHED) == FETCHED.replace(b"abcde", b"ABCDE")


def test_what_is_held_is_given_out_when_the_server_is_gone() -> None:
    carried = Carried([])
    carried.opened()
    assert carried.server_says(FETCHED[:-5]) == b""
    sent = [
        command.data for command in carried.closed(carried.server) if isinstance(command, commands.SendData)
    ]
    assert sent == [FETCHED[:-5]]
    assert [type(command) for command in carried.closed(carried.client)] == [commands.CloseConnection] * 2
    assert carried.server_says(b"late") == b""


def test_a_server_that_cannot_be_had_ends_with_a_farewell() -> None:
    said, closing = Carried([]).opened("Certificate verify failed: self-signed\r\ncertificate")
    assert isinstance(said, commands.SendData)
    assert isinstance(closing, commands.CloseConnection)
    assert said.data.startswith(b"* BYE Bothways: the certificate of imap.example.org:993 cannot be trusted")
    assert said.data.count(b"\r\n") == 1


def test_a_listener_that_fails_costs_no_octet(caplog: pytest.LogCaptureFixture) -> None:
    carried = Carried([])
    carried.opened()
    carried.layer._hear = lambda event: 1 / 0
    assert carried.server_says(FETCHED) == FETCHED.replace(b"abcde", b"ABCDE")
    assert "an event of a mail connection was lost" in caplog.text


def test_a_failure_is_explained_on_one_line_of_plain_text() -> None:
    assert explain_failure(("ü.test", 993), "nö\n") == ("Bothways:  .test:993 cannot be reached (n  )")
