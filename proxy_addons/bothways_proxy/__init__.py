"""The proxy: mitmproxy with our own modes and addons around the engine; this module loads none of it."""

from bothways_proxy.config import (
    ProxyConfig,
    SpecError,
    Target,
    UpstreamSpec,
    parse_http_listen,
    parse_imap_spec,
    parse_mail_host,
    parse_pop3_spec,
    parse_resolve,
    parse_socks_listen,
    parse_target,
)

__all__ = [
    "ProxyConfig",
    "SpecError",
    "Target",
    "UpstreamSpec",
    "parse_http_listen",
    "parse_imap_spec",
    "parse_mail_host",
    "parse_pop3_spec",
    "parse_resolve",
    "parse_socks_listen",
    "parse_target",
]
