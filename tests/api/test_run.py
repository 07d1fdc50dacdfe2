"""Health, totals and the pause."""

from datetime import UTC, datetime, timedelta

import pytest
from bothways import __version__
from bothways.ledger import OpenAttempt


def test_a_stranger_learns_that_it_is_there_and_no_more(stranger):
    told = {"program": "bothways", "version": __version__, "api": 1, "paired": False}
    assert stranger.get("/api/v1/health").json == told
    assert stranger.get("/api/v1/health", headers={"Authorization": "Bearer wrong"}).json == told


def test_a_client_learns_how_the_proxy_fares(client, status):
    now = datetime.now(UTC)
    status.add_listener("imap 127.0.0.1:1143 -> imap.example.org:993")
    status.lost_events = lambda: 3
    status.saw_message(now)
    health = client.get("health").json
    assert health["paired"] is True
    assert health["proxy"] == {"listeners": ["imap 127.0.0.1:1143 -> imap.example.org:993"]}
    assert (health["lost_events"], health["incidents"], health["paused_until"]) == (3, 0, None)
    assert datetime.fromisoformat(health["last_message_at"]) == now
    assert datetime.fromisoformat(health["rules_date"])
    assert status.is_valid(health["check"])


def test_totals_are_flat(client, ledger, make_record):
    ledger.record(make_record())
    ledger.record(make_record(aliases=("mid:<2@x>",), findings=(), at=datetime.now(UTC) - timedelta(days=2)))
    ledger.record(OpenAttempt("https://t.example/", datetime.now(UTC), "hubspot", "t.example"))
    totals = client.get("totals").json
    today = {"messages": 1, "tracked": 1, "blocked": 1, "cleaned": 0, "seen": 0, "open_attempts": 1}
    assert totals == {"today": today, "days30": today | {"messages": 2}}


def test_a_pause_by_minutes_ends(client, ledger):
    until = datetime.fromisoformat(client.ask("PUT", "pause", json={"minutes": 5}).json["paused_until"])
    assert timedelta(minutes=4) < until - datetime.now(UTC) <= timedelta(minutes=5)
    assert ledger.paused_until() == until
    assert client.get("health").json["paused_until"] == until.isoformat()
    assert client.ask("DELETE", "pause").json == {"paused_until": None}
    assert ledger.paused_until() is None


def test_a_pause_until_a_moment_of_any_zone(client, ledger):
    client.ask("PUT", "pause", json={"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()})
    assert ledger.paused_until() is not None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"minutes": 0},
        {"minutes": 10**9},
        {"minutes": "5"},
        {"minutes": 5, "until": "2099-01-01T00:00:00Z"},
        {"until": "2001-01-01T00:00:00Z"},
        {"until": "2099-01-01T00:00:00Z"},
        {"until": "2026-05-04T12:00:00"},
        {"until": "soon"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"minutes": 5, "for": "ever"},
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(client, ledger, body):
    answer = client.ask("PUT", "pause", json=body)
    assert (answer.status_code, answer.json["error"]) == (422, "invalid")
    assert ledger.paused_until() is None


def test_the_api_describes_itself_without_a_foreign_host(stranger):
    spec = stranger.get("/api/v1/openapi.json").json
    assert spec["openapi"] == "3.1.0"
    assert {"/api/v1/messages", "/api/v1/pair", "/api/v1/health", "/api/v1/pause"} <= set(spec["paths"])


def test_the_start_page_says_how_to_pair(stranger):
    page = stranger.get("/").get_data(as_text=True)
    assert "bothways pair" in page
    assert "<script" not in page
    assert "://" not in page


def test_a_failure_of_ours_is_a_code_too(client, ledger, monkeypatch):
    monkeypatch.setattr(ledger, "totals", lambda since, until: 1 / 0)
    answer = client.get("totals")
    assert (answer.status_code, answer.json) == (500, {"error": "internal"})
    assert answer.headers["Cache-Control"] == "no-store"
