"""The settings file: what it may hold, and what is said of what it may not."""

from pathlib import Path

import pytest
from bothways.judge.policy import DEFAULT, STRICT, WATCH
from bothways.message.mime import split
from bothways.settings import (
    AS_SHIPPED,
    KEYS,
    SettingsError,
    parse_settings,
    read_settings,
    settle_recipients,
)
from bothways.urls.wrappers import LinkOptions

WHOLE = """
policy = "strict"
recipients = ["Me@example.org", "me@example.com", "Me@example.org"]
own_tools = ["HubSpot", "Links.example.org"]
clean_signed = false
clean_signed_from = ["News@example.net", "@Example.com"]
unwrap_gateways = true
unwrap_affiliates = true
strip_campaign = false
"""


def parse(text: str):
    return parse_settings("settings.toml", text.encode())


def test_every_setting_reaches_the_policy() -> None:
    settings = parse(WHOLE)
    policy = settings.to_policy()
    assert settings.given == frozenset(KEYS)
    assert settings.recipients == ("Me@example.org", "me@example.com")
    assert policy.block_visible
    assert policy.own_tools == {"hubspot", "links.example.org"}
    assert policy.clean_signed_from == {"news@example.net", "@example.com"}
    assert policy.links == LinkOptions(unwrap_gateways=True, unwrap_affiliates=True, strip_campaign=False)


def test_what_is_not_settled_is_as_shipped(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == AS_SHIPPED == parse("")
    for policy in (DEFAULT, STRICT, WATCH):
        assert parse(f'policy = "{policy.name}"').to_policy() == policy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("polcy = 'strict'", "settings.toml: polcy: there is no such setting; did you mean 'policy'?"),
        ("x = 1", "settings.toml: x: there is no such setting"),
        ("policy = 'strikt'", "must be one of 'default', 'strict', 'watch'; did you mean 'strict'?"),
        ("policy = ['strict']", "must be one of 'default', 'strict', 'watch'"),
        ("clean_signed = 1", "clean_signed: must be true or false"),
        ("recipients = 'me@example.org'", "must be a list of texts"),
        ("recipients = [1]", "must be a list of texts"),
        ("recipients = ['example.org']", "'example.org' is not a mail address"),
        ("clean_signed_from = ['example.org']", "is neither a mail address nor @ and a domain"),
        ("own_tools = ['hubspt']", "neither a host nor the id of a vendor; did you mean 'hubspot'?"),
        ("own_tools = ['mandrillapp.com']", "'mandrillapp.com' serves all customers of Mandrill"),
        ("own_tools = ['mandrillapp.com']", "name 'mandrill'"),
        ("own_tools = ['https://a.example/']", "neither a host nor the id of a vendor"),
        (f"recipients = {['a@b.example'] * 201}", "holds more than 200 entries"),
        ("policy = ", "settings.toml: is not TOML: Invalid value"),
        ("a = " + "[" * 5000, "settings.toml: is "),
        ("#" * 20_000, "settings.toml: is larger than 16 KiB"),
        ("[policy]\nname = 'strict'", "must be one of"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text)
    assert told in str(raised.value)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Is a directory"):
        read_settings(tmp_path)
    with pytest.raises(SettingsError, match="is not TOML"):
        parse_settings("x", b"\xff")


def test_the_sender_of_a_received_mail_is_not_taken_for_the_reader() -> None:
    settled = ("me@example.org", "me@example.com")
    sent = split(b"From: Me <me@EXAMPLE.org>\r\n\r\n")
    received = split(b"Received: from x by y; z\r\nFrom: Me <me@EXAMPLE.org>\r\n\r\n")
    assert settle_recipients(settled, sent) == settled
    assert settle_recipients(settled, received) == ("me@example.com",)
