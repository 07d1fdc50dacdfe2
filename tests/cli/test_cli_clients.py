"""`bothways clients`: who may ask, and ending that."""

import re

import pytest
from bothways.ledger import Ledger


@pytest.fixture
def pair(home):
    """Pair a client; gives its ID and token."""

    def redeem(name):
        ledger = Ledger.open(home)
        paired = ledger.redeem_pairing_code(ledger.new_pairing_code(), name)
        ledger.close()
        return paired.client_id, paired.token

    return redeem


def test_clients_are_listed_without_their_tokens(bothways, pair):
    (first, token), (second, _) = pair("Chromium"), pair("Thunder\x1b[31mbird")
    heading, *rows = bothways("clients").stdout.splitlines()
    assert heading.split() == ["ID", "PAIRED", "LAST", "SEEN", "STATE", "NAME"]
    assert re.fullmatch(rf"{first[:8]}  \d{{4}}-\d\d-\d\d \d\d:\d\d  never +may ask  Chromium", rows[0])
    assert rows[1].startswith(second[:8])
    assert rows[1].endswith(r"Thunder\x1b[31mbird")
    assert token not in "".join(rows)


def test_a_revoked_client_may_no_longer_ask(bothways, pair, home):
    (first, token), (_, other) = pair("Chromium"), pair("Thunderbird")
    assert bothways("clients", "revoke", first[:8]).stdout == f"{first[:8]} (Chromium) may no longer ask\n"
    ledger = Ledger.open(home)
    assert ledger.client_of(token) is None
    assert ledger.client_of(other).name == "Thunderbird"
    ledger.close()
    assert "revoked 20" in bothways("clients").stdout
    assert "was revoked before" in bothways("clients", "revoke", first).stdout


@pytest.mark.parametrize("name", ["nobody", "", "\x1b"])
def test_who_is_not_there_is_wrong_use(bothways, pair, name):
    pair("Chromium")
    result = bothways("clients", "revoke", name)
    assert (result.exit_code, "\x1b" in result.output) == (2, False)
    assert "bothways clients" in result.stderr


def test_a_beginning_of_many_ids_names_nobody(bothways, pair):
    found = {}
    while len(found) < 17:
        identifier, _ = pair("one")
        if identifier[0] in found:
            result = bothways("clients", "revoke", identifier[0])
            assert (result.exit_code, "2 clients have an ID" in result.stderr) == (2, True)
            return
        found[identifier[0]] = identifier


def test_without_a_ledger_none_is_made(bothways, home):
    result = bothways("clients")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "bothways pair" in result.stderr
    assert bothways("clients", "revoke", "3f2a91c0").exit_code == 2
    assert not home.exists()


def test_another_home_may_be_named_before_or_after(bothways, pair, home, monkeypatch, tmp_path):
    identifier, _ = pair("Chromium")
    monkeypatch.setenv("BOTHWAYS_HOME", str(tmp_path / "none"))
    assert identifier[:8] in bothways("clients", "--home", home).stdout
    assert bothways("clients", "--home", home, "revoke", identifier).exit_code == 0
    assert bothways("clients", "revoke", "--home", home, identifier).exit_code == 0
