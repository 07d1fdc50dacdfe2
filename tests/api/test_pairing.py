"""Pairing over the API."""

import pytest


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_gives_a_token_once(stranger, ledger):
    code = ledger.new_pairing_code()
    answer = stranger.post("/api/v1/pair", json={"code": f" {code[:3]} {code[3:]} ", "name": "Firefox"})
    assert answer.status_code == 201
    assert set(answer.json) == {"token", "client_id"}
    assert [client.name for client in ledger.clients()] == ["Firefox"]
    again = stranger.post("/api/v1/pair", json={"code": code, "name": "Firefox"})
    assert (again.status_code, again.json) == (410, {"error": "expired"})


def test_guessing_ends_after_five_tries(stranger, ledger):
    code = ledger.new_pairing_code()
    for left in (4, 3, 2, 1, 0):
        answer = stranger.post("/api/v1/pair", json={"code": wrong(code), "name": "x"})
        assert (answer.status_code, answer.json) == (403, {"error": "wrong_code", "tries_left": left})
    assert stranger.post("/api/v1/pair", json={"code": code, "name": "x"}).status_code == 410
    assert ledger.clients() == []


def test_without_a_code_there_is_nothing_to_guess(stranger):
    assert stranger.post("/api/v1/pair", json={"code": "123456", "name": "x"}).status_code == 410


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"code": "1"},
        {"code": 123456, "name": "x"},
        {"code": "1", "name": ""},
        {"code": "1" * 99},
    ],
)
def test_a_request_of_another_form_is_no_try(stranger, ledger, body):
    code = ledger.new_pairing_code()
    answer = stranger.post("/api/v1/pair", json=body)
    assert (answer.status_code, answer.json["error"]) == (422, "invalid")
    assert stranger.post("/api/v1/pair", json={"code": code, "name": "x"}).status_code == 201


def test_broken_json_is_an_error_of_its_own(stranger):
    answer = stranger.post("/api/v1/pair", data=b'{"code":', content_type="application/json")
    assert (answer.status_code, answer.json["error"]) == (400, "bad_request")
