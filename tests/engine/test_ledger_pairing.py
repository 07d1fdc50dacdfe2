"""Pairing: a short code for a long token."""

from datetime import UTC, datetime, timedelta

import pytest
from bothways.ledger import pairing
from bothways.ledger.pairing import NoCode, Paired, WrongCode

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def at_noon(ledger):
    """Call a function of the pairing module in a writing transaction."""

    def call(function, *args):
        with ledger.writing() as connection:
            return function(connection, *args)

    return call


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_traded_once_for_a_token(ledger):
    code = ledger.new_pairing_code()
    paired = ledger.redeem_pairing_code(code, "Chromium")
    assert isinstance(paired, Paired)
    assert len(code) == 6
    assert len(paired.token) >= 43
    assert ledger.client_of(paired.token).id == paired.client_id
    assert isinstance(ledger.redeem_pairing_code(code, "Other"), NoCode)


def test_five_wrong_tries_end_a_code(ledger):
    code = ledger.new_pairing_code()
    tries = [ledger.redeem_pairing_code(wrong(code), "x") for _ in range(5)]
    assert tries == [WrongCode(left) for left in (4, 3, 2, 1, 0)]
    assert isinstance(ledger.redeem_pairing_code(code, "x"), NoCode)


def test_a_code_lives_two_minutes(at_noon):
    code = at_noon(pairing.new_code, NOON)
    assert isinstance(at_noon(pairing.redeem, code, "x", NOON + timedelta(seconds=120)), NoCode)
    assert isinstance(at_noon(pairing.redeem, code, "x", NOON + timedelta(seconds=119)), Paired)


def test_a_new_code_ends_the_one_before(ledger):
    old = ledger.new_pairing_code()
    new = ledger.new_pairing_code()
    if old != new:
        assert isinstance(ledger.redeem_pairing_code(old, "x"), WrongCode)
    assert isinstance(ledger.redeem_pairing_code(new, "x"), Paired)


def test_neither_code_nor_token_lies_in_the_file(home, ledger):
    code = ledger.new_pairing_code()
    paired = ledger.redeem_pairing_code(code, "Chromium")
    second = ledger.new_pairing_code()
    octets = b"".join(path.read_bytes() for path in home.iterdir())
    assert paired.token.encode() not in octets
    with ledger.reading() as connection:
        kept = connection.exec_driver_sql("SELECT code_sha256 FROM pairing_codes").scalars().all()
    assert [len(digest) for digest in kept] == [64]
    assert second not in kept


def test_a_revoked_client_is_listed_and_unknown(ledger):
    paired = ledger.redeem_pairing_code(ledger.new_pairing_code(), "Firefox")
    assert ledger.client_of(paired.token) is not None
    assert ledger.revoke_client(paired.client_id)
    assert not ledger.revoke_client(paired.client_id)
    assert ledger.client_of(paired.token) is None
    (client,) = ledger.clients()
    assert client.name == "Firefox"
    assert client.last_used_at is not None
    assert client.revoked_at is not None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "é" * 1000])
def test_an_unknown_token_is_nobodys(ledger, token):
    assert ledger.client_of(token) is None


def test_a_pause_ends_by_itself_and_by_hand(ledger):
    now = datetime.now(UTC)
    assert ledger.paused_until() is None
    ledger.pause(now - timedelta(seconds=1))
    assert ledger.paused_until() is None
    ledger.pause(now + timedelta(hours=1))
    assert ledger.paused_until() == now + timedelta(hours=1)
    ledger.resume()
    assert ledger.paused_until() is None
