"""Listing and revoking clients."""


def pair_another(client, ledger):
    code = {"code": ledger.new_pairing_code(), "name": "Thunderbird"}
    return client.http.post("/api/v1/pair", json=code).json


def test_clients_are_listed_without_their_tokens(client, ledger):
    other = pair_another(client, ledger)
    answer = client.get("clients")
    own, listed = answer.json["clients"]
    assert (own["name"], own["asking"], own["revoked_at"]) == ("Chromium", True, None)
    assert (listed["id"], listed["asking"], listed["last_used_at"]) == (other["client_id"], False, None)
    assert other["token"] not in answer.text
    assert client.token not in answer.text


def test_a_revoked_client_may_no_longer_ask(client, ledger):
    other = pair_another(client, ledger)
    answer = client.ask("DELETE", f"clients/{other['client_id']}")
    assert answer.status_code == 200
    assert [row["revoked_at"] is None for row in answer.json["clients"]] == [True, False]
    headers = {"Authorization": f"Bearer {other['token']}"}
    assert client.http.get("/api/v1/totals", headers=headers).status_code == 401
    assert client.get("totals").status_code == 200


def test_one_may_end_ones_own_token(client, ledger):
    (own,) = client.get("clients").json["clients"]
    assert client.ask("DELETE", f"clients/{own['id']}").json["clients"][0]["revoked_at"]
    assert client.get("clients").status_code == 401


def test_who_is_not_there_or_was_revoked_before_is_not_found(client, ledger):
    other = pair_another(client, ledger)["client_id"]
    client.ask("DELETE", f"clients/{other}")
    for identifier in (other, "none", "..%2Fclients"):
        answer = client.ask("DELETE", f"clients/{identifier}")
        assert (answer.status_code, answer.json) == (404, {"error": "not_found"})
