"""Our own proxy modes, plain on this machine and verified TLS to the server.

`imap:tls://HOST:PORT@LISTEN:PORT` and `pop3:...`; with `tcp://` the server is reached without TLS.
"""

from typing import TYPE_CHECKING, Literal, cast

from bothways.wire.events import WireEngine
from bothways.wire.pop3 import Pop3Engine
from mitmproxy import ctx
from mitmproxy.net import server_spec
from mitmproxy.proxy import layer, mode_servers, mode_specs
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.tls import ServerTLSLayer

from bothways_proxy.mail_layer import MailLayer

if TYPE_CHECKING:
    from bothways_proxy.imap_mail import ImapMail
    from bothways_proxy.pop3_mail import Pop3Mail


class MailMode(mode_specs.ProxyMode):
    """A listener that stands for one mail server; a subclass' name makes mitmproxy know it."""

    transport_protocol: Literal["tcp"] = "tcp"

    @property
    def server(self) -> tuple[str, int]:
        """Which server this mode stands for."""
        return server_spec.parse(self.data, "tls")[1]

    @property
    def plain(self) -> bool:
        """Whether it is reached without TLS."""
        return server_spec.parse(self.data, "tls")[0] == "tcp"

    def __post_init__(self) -> None:
        if server_spec.parse(self.data, "tls")[0] not in {"tls", "tcp"}:
            raise ValueError("a mail server is reached over TLS or TCP")


class ImapMode(MailMode):
    """`imap:tls://HOST:PORT`."""

    description = "IMAP proxy"
    default_port = 1143


class Pop3Mode(MailMode):
    """`pop3:tls://HOST:PORT`."""

    description = "POP3 proxy"
    default_port = 1110


class ImapInstance(mode_servers.AsyncioServerInstance[ImapMode]):
    """A listener for IMAP."""

    def make_top_layer(self, context: Context) -> layer.Layer:
        """Put the IMAP engine on top."""
        mail = cast("ImapMail", ctx.master.addons.get("imapmail"))
        return carry(context, self.mode, mail.new_engine(self.mode.server[0]), mail)


class Pop3Instance(mode_servers.AsyncioServerInstance[Pop3Mode]):
    """A listener for POP3."""

    def make_top_layer(self, context: Context) -> layer.Layer:
        """Put the POP3 engine on top."""
        mail = cast("Pop3Mail", ctx.master.addons.get("pop3mail"))
        return carry(context, self.mode, Pop3Engine(mail.clean, server=self.mode.server[0]), mail)


def carry(context: Context, mode: MailMode, engine: WireEngine, mail: "ImapMail") -> layer.Layer:
    """Put an engine on top of TLS to the server, or of nothing where the user named the server as plain."""
    context.server.address = mode.server
    if mode.plain:
        return MailLayer(context, engine, mail.hear)
    context.server.sni = mode.server[0]
    tls = ServerTLSLayer(context)
    tls.child_layer = MailLayer(context, engine, mail.hear)
    return tls
