"""Registrable domains come from the bundled list, without a network."""

import socket

import pytest
from bothways.urls import domains
from bothways.urls.domains import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("a.b.Example.CO.uk", "example.co.uk"),
        ("shop.example.com.", "example.com"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    domains._extractor.cache_clear()
    registrable.cache_clear()
    assert registrable("www.example.org") == "example.org"
