"""mitmproxy alone before a mail server: verified TLS upstream, octets passed, nothing looked at.

    python bare_proxy.py SERVER:PORT PLAIN TLS AUTHORITY.pem CONFDIR

listens on two ports of the loopback, in plain text and over TLS, for which it makes its own certificate.

What this costs is the floor under everything that is built on mitmproxy.
"""

import asyncio
import sys
from typing import Literal

from mitmproxy.addons import core, next_layer, proxyserver, tlsconfig
from mitmproxy.master import Master
from mitmproxy.net import server_spec
from mitmproxy.options import Options
from mitmproxy.proxy import layer, layers, mode_servers, mode_specs
from mitmproxy.proxy.context import Context


class BareMode(mode_specs.ProxyMode):
    """`bare:HOST:PORT`; the class name makes mitmproxy know it."""

    description = "TCP to TLS"
    transport_protocol: Literal["tcp"] = "tcp"
    default_port = 1143

    def __post_init__(self) -> None:
        self.server = server_spec.parse(self.data, "tls")[1]


class BareInstance(mode_servers.AsyncioServerInstance[BareMode]):
    """A listener of this mode."""

    def make_top_layer(self, context: Context) -> layer.Layer:
        """Put TLS to the server below a layer that passes octets."""
        context.server.address = self.mode.server
        context.server.sni = self.mode.server[0]
        tls = layers.ServerTLSLayer(context)
        tls.child_layer = layers.TCPLayer(context, ignore=True)
        return tls


async def serve(server: str, plain: str, tls: str, authority: str, confdir: str) -> None:
    """Pass octets until the process is ended."""
    master = Master(Options(confdir=confdir))
    master.addons.add(core.Core(), next_layer.NextLayer(), tlsconfig.TlsConfig(), proxyserver.Proxyserver())
    master.options.update(
        mode=[f"bare:{server}@127.0.0.1:{plain}", f"reverse:tls://{server}@127.0.0.1:{tls}"],
        ssl_verify_upstream_trusted_ca=authority,
        connection_strategy="lazy",
    )
    await master.run()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
