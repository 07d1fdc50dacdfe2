"""Who may ask."""

import pytest

PATHS = ["messages?alias=mid:x", "messages/1", "totals", "pause", "clients", "clients/1", "no/such/thing"]
METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic dTpw", "Bearer \udcff", "x" * 9000],
)
def test_nothing_is_told_without_a_token(stranger, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = stranger.get(f"/api/v1/{path}", headers=headers)
    assert (answer.status_code, answer.json) == (401, {"error": "not_paired"})


def test_a_revoked_token_is_no_token(client, ledger):
    assert client.get("totals").status_code == 200
    (paired,) = ledger.clients()
    ledger.revoke_client(paired.id)
    assert client.get("totals").json == {"error": "not_paired"}
    assert client.get("health").json["paired"] is False


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["health", "totals", "openapi.json", "messages?alias=mid:x"])
def test_pages_of_other_sites_and_ports_are_refused_even_with_a_token(client, site, path):
    answer = client.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"})
    assert (answer.status_code, answer.json) == (403, {"error": "refused"})


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_what_extensions_send_is_taken(client, site):
    headers = {"Sec-Fetch-Site": site, "Origin": "moz-extension://6f1dbb5a-0001-4a00-8000-000000000001"}
    assert client.get("totals", headers=headers).status_code == 200
    assert client.ask("PUT", "pause", json={"minutes": 1}, headers=headers).status_code == 200


def test_a_page_cannot_try_codes(stranger, ledger):
    code = ledger.new_pairing_code()
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = stranger.post("/api/v1/pair", json={"code": code, "name": "x"}, headers=headers)
    assert answer.status_code == 403
    assert ledger.clients() == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "169.254.169.254", "", "[::1]"])
def test_a_rebound_name_is_refused(client, host):
    answer = client.get("totals", headers={"Host": host})
    assert (answer.status_code, answer.json) == (400, {"error": "bad_request"})


@pytest.mark.parametrize("host", ["127.0.0.1:8417", "localhost:1", "localhost"])
def test_our_own_names_are_taken(client, host):
    assert client.get("totals", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_a_body_is_json(client, ledger, kind):
    answer = client.ask("PUT", "pause", data=b'{"minutes": 5}', content_type=kind)
    assert (answer.status_code, answer.json) == (415, {"error": "not_json"})
    assert ledger.paused_until() is None


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path", ["/", "/api/v1/health", "/api/v1/pair", "/api/v1/pause", "/static/style.css", "/none"]
)
def test_every_answer_is_guarded_and_none_is_shared(stranger, method, path):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    with stranger.open(path, method=method, headers=headers, json={}) as answer:
        assert answer.status_code < 500
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_a_long_body_is_refused(client):
    answer = client.ask("PUT", "pause", data=b" " * 70_000, content_type="application/json")
    assert (answer.status_code, answer.json) == (413, {"error": "too_large"})


def test_no_get_changes_anything(client, ledger):
    for path in ("pause", "pause?minutes=5", "pair?code=123456&name=x"):
        assert client.get(path).status_code == 405
    assert ledger.paused_until() is None
    assert len(ledger.clients()) == 1


def test_a_link_may_lead_to_the_start_page_but_no_frame(stranger):
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert stranger.get("/", headers=link).status_code == 200
    assert stranger.get("/", headers=link | {"Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert stranger.post("/", headers=link).status_code == 403
