"""Our own proxy mode: `imap:HOST:PORT@LISTEN:PORT`, plain on this machine and verified TLS to the server."""

from typing import TYPE_CHECKING, Any, Literal, cast

from bothways.wire.imap import ImapEngine, Uses
from mitmproxy import ctx
from mitmproxy.net import server_spec
from mitmproxy.proxy import layer, mode_servers, mode_specs
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.tls import ServerTLSLayer

from bothways_proxy.mail_layer import MailLayer

if TYPE_CHECKING:
    from bothways_proxy.imap_mail import ImapMail


class ImapMode(mode_specs.ProxyMode):
    """`imap:HOST:PORT`; the class name makes mitmproxy know it."""

    description = "IMAP proxy"
    transport_protocol: Literal["tcp"] = "tcp"
    default_port = 1143

    @property
    def server(self) -> tuple[str, int]:
        """Which server this mode stands for."""
        return server_spec.parse(self.data, "tls")[1]

    def __post_init__(self) -> None:
        if server_spec.parse(self.data, "tls")[0] != "tls":
            raise ValueError("an IMAP server is reached over TLS only")


class ImapInstance(mode_servers.AsyncioServerInstance[ImapMode]):
    """A listener of this mode."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._uses: Uses = {}

    def make_top_layer(self, context: Context) -> layer.Layer:
        """Put TLS to the server below and the IMAP engine on top."""
        mail = cast("ImapMail", ctx.master.addons.get("imapmail"))
        context.server.address = self.mode.server
        context.server.sni = self.mode.server[0]
        tls = ServerTLSLayer(context)
        tls.child_layer = MailLayer(context, ImapEngine(mail.clean, uses=self._uses), mail.hear)
        return tls
