"""Certificates name one host: the one that a client greets, else the one that it asked us to connect to."""

from mitmproxy.tls import ClientHelloData


class Greetings:
    """An addon that puts in the name where a client's greeting has none, as to a server known by its address.

    mitmproxy would name our own address in its place: no client believes our authority in that.
    """

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Take a client that names no host to mean the one it asked for."""
        client, server = data.context.client, data.context.server
        if not client.sni and server.address:
            client.sni = server.address[0]
