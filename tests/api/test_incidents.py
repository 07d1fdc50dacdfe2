"""What passed without being looked at, as the API tells it."""

from datetime import UTC, datetime, timedelta

from bothways.ledger.records import Incident
from bothways_api.incidents import MOST


def went_through(hours_ago=0.0, **fields):
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    told = {"kind": "went_through", "reason": "not_a_response", "route": "imap", "account": "buyer"}
    return Incident(at=at, **(told | fields))


def test_incidents_are_listed_the_newest_first(client, ledger):
    last = went_through(kind="passed", reason="error:KeyError", server="imap.mail.test")
    ledger.record_all([went_through(2), went_through(1), last])
    newest, older = client.get("incidents").json["incidents"]
    assert datetime.fromisoformat(newest.pop("first_seen")) == last.at
    assert datetime.fromisoformat(newest.pop("last_seen")) == last.at
    told = {"kind": "passed", "reason": "error:KeyError", "route": "imap", "account": "buyer"}
    assert newest == told | {"id": newest["id"], "server": "imap.mail.test", "times": 1}
    assert (older["kind"], older["server"], older["times"]) == ("went_through", "", 2)


def test_no_more_than_a_hundred_are_listed(client, ledger):
    ledger.record_all(went_through(account=str(number)) for number in range(MOST + 3))
    told = client.get("incidents").json["incidents"]
    assert (len(told), told[0]["account"]) == (MOST, str(MOST + 2))


def test_health_counts_those_of_the_last_day(client, ledger):
    ledger.record_all([went_through(25), went_through(23, account="a"), went_through(), went_through()])
    assert client.get("health").json["incidents"] == 2


def test_nobody_learns_of_them_without_a_token(stranger, ledger):
    ledger.record(went_through())
    assert stranger.get("/api/v1/incidents").status_code == 401
    assert "incidents" not in stranger.get("/api/v1/health").json


def test_the_api_describes_them(stranger):
    spec = stranger.get("/api/v1/openapi.json").json
    (answer,) = spec["paths"]["/api/v1/incidents"]["get"]["responses"]["200"]["content"][
        "application/json"
    ].values()
    assert answer == {"$ref": "#/components/schemas/Incidents"}
    assert {"kind", "reason", "times"} <= set(spec["components"]["schemas"]["Incident"]["required"])
