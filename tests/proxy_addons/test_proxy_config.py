"""What a user writes, and what it means; what is wrong is said in words."""

import pytest
from bothways_proxy import (
    SpecError,
    Target,
    parse_http_listen,
    parse_imap_spec,
    parse_pop3_spec,
    parse_resolve,
    parse_target,
)


@pytest.mark.parametrize(
    ("text", "server", "listen"),
    [
        ("imap.example.org", Target("imap.example.org", 993), Target("127.0.0.1", 1143)),
        ("IMAP.Example.org.:1993@127.0.0.1:0", Target("imap.example.org", 1993), Target("127.0.0.1", 0)),
        ("[2001:db8::1]@localhost:1200", Target("2001:db8::1", 993), Target("127.0.0.1", 1200)),
        ("bücher.example@[::1]:1143", Target("xn--bcher-kva.example", 993), Target("::1", 1143)),
    ],
)
def test_a_mail_server_is_named(text: str, server: Target, listen: Target) -> None:
    spec = parse_imap_spec(text)
    assert (spec.server, spec.listen) == (server, listen)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not HOST:PORT or HOST"),
        ("imap.example.org:143", "without TLS"),
        ("plain:imap.example.org:993", "inside TLS"),
        ("plain:", "not HOST:PORT or HOST"),
        ("imap.example.org:99999", "not a port"),
        ("imap.example.org:0", "no port 0"),
        ("imap example", "not a host name"),
        ("imap.example.org@1143", "not HOST:PORT"),
        ("imap.example.org@0.0.0.0:1143", "on this machine"),
        ("imap.example.org@mail.example:1143", "on this machine"),
        ("a@b@127.0.0.1:1", "not a host name"),
        ("[imap.example.org]", "not a host name"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        parse_imap_spec(text)


def test_a_server_of_pop3_is_named_the_same_way() -> None:
    spec = parse_pop3_spec("pop.example.org")
    assert (spec.server, spec.listen) == (Target("pop.example.org", 995), Target("127.0.0.1", 1110))
    with pytest.raises(SpecError, match=r"port 110 is POP3 without TLS.*995.*plain:pop.example.org:110"):
        parse_pop3_spec("pop.example.org:110")


@pytest.mark.parametrize(
    ("text", "server", "exposed"),
    [
        ("plain:127.0.0.1:1144@localhost:0", Target("127.0.0.1", 1144), False),
        ("Plain:localhost", Target("localhost", 143), False),
        ("plain:imap.example.org:143", Target("imap.example.org", 143), True),
    ],
)
def test_a_server_without_tls_is_reached_where_the_user_says_so(
    text: str, server: Target, exposed: bool
) -> None:
    spec = parse_imap_spec(text)
    assert (spec.server, spec.plain, spec.exposed) == (server, True, exposed)
    assert parse_imap_spec(str(spec)) == spec


def test_browsers_find_the_proxy_on_this_machine_only() -> None:
    assert parse_http_listen("localhost:8080") == Target("127.0.0.1", 8080)
    assert parse_http_listen("[::1]:0") == Target("::1", 0)
    for text in ("0.0.0.0:8080", "[::]:8080", "192.0.2.7:8080", "mail.example:8080"):
        with pytest.raises(SpecError, match="on this machine"):
            parse_http_listen(text)


def test_resolve_reads_as_with_curl() -> None:
    named = Target("webmail.test", 443)
    assert parse_resolve("webmail.test:443:127.0.0.1") == (named, Target("127.0.0.1", 443))
    assert parse_resolve("WEBMAIL.test:443:[::1]:8443") == (named, Target("::1", 8443))
    with pytest.raises(SpecError, match="not an address"):
        parse_resolve("webmail.test:443:localhost")
    with pytest.raises(SpecError, match="HOST:PORT:ADDRESS"):
        parse_resolve("webmail.test:127.0.0.1")


def test_targets_are_spelled_one_way() -> None:
    assert parse_target("Mail.Test.:443") == parse_target("mail.test", 443)
    assert str(parse_target("[::0001]:80")) == "[::1]:80"
