"""What the API tells of a message."""

from bothways.judge.findings import Action, Certainty, Finding, Kind, WhySeen

FIELDS = {
    "id", "aliases", "message_id", "date", "subject", "sender", "first_seen", "last_seen", "views", "fetched",
    "route", "notes", "counts", "vendors", "findings",
}  # fmt: skip


def test_a_message_is_found_by_any_alias_and_by_its_id(client, ledger, make_record):
    identifier = ledger.record(make_record())
    by_alias = client.get("messages?alias=mid:none&alias=imap%3Abuyer%2FINBOX%2F7%2F1").json["messages"]
    (message,) = by_alias
    assert message["id"] == identifier
    assert client.get(f"messages/{identifier}").json == message
    assert set(message) == FIELDS
    assert message["date"] == "2026-05-04T12:00:00+00:00"
    assert message["counts"] == {"blocked": 1, "cleaned": 0, "seen": 0}
    assert (message["sender"]["messages"], message["sender"]["tracked"]) == (1, 1)


def test_an_alias_may_hold_anything_once_percent_encoded(client, ledger, make_record):
    ledger.record(make_record(aliases=("mid:<a/b%c&d=é@x>", "imap:b/Sent%2F100%25/1/2")))
    for query in ("mid:%3Ca%2Fb%25c%26d%3D%C3%A9%40x%3E", "imap%3Ab%2FSent%252F100%2525%2F1%2F2"):
        assert len(client.get(f"messages?alias={query}").json["messages"]) == 1


def test_a_vendor_is_told_with_what_it_learns(client, ledger, make_record):
    identifier = ledger.record(make_record())
    message = client.get(f"messages/{identifier}").json
    (vendor,) = message["vendors"]
    assert vendor["id"] == "hubspot"
    assert vendor["company"] == "HubSpot"
    assert "open" in vendor["learns"]
    assert vendor["count"] == 1
    (finding,) = message["findings"]
    assert finding["vendor_name"] == vendor["name"] != "hubspot"
    assert (finding["company"], finding["carrier"]) == ("HubSpot", "t.example")
    assert finding["reasons"] == [{"code": "vendor_shape", "evidence": "hubspot"}]


def test_a_vendor_that_the_catalogue_forgot_keeps_its_id(client, ledger, make_record):
    gone = Finding(
        Kind.CLICK, Certainty.KNOWN, Action.SEEN, "https://g.example/", "a", "href",
        why_seen=WhySeen.OPAQUE, vendor="gone", company="Gone Ltd",
    )  # fmt: skip
    message = client.get(f"messages/{ledger.record(make_record(findings=(gone,)))}").json
    (vendor,) = message["vendors"]
    assert (vendor["name"], vendor["company"], vendor["learns"]) == ("gone", "Gone Ltd", [])
    assert message["findings"][0]["why_seen"] == "opaque"


def test_a_mail_without_sender_or_findings_is_told_too(client, ledger, make_record):
    bare = make_record(sender="", sender_name="", date=None, message_id=None, findings=(), notes=("dkim",))
    message = client.get(f"messages/{ledger.record(bare)}").json
    assert (message["sender"], message["date"], message["message_id"]) == (None, None, None)
    assert (message["findings"], message["vendors"], message["notes"]) == ([], [], ["dkim"])


def test_what_is_not_there_is_not_found(client):
    assert client.get("messages?alias=mid:none").json == {"messages": []}
    for path in ("messages/none", "messages/..%2F..", "none"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (404, {"error": "not_found"})


def test_aliases_are_wanted_and_bounded(client):
    many = "&".join(f"alias=mid:{n}" for n in range(51))
    for query in ("messages", "messages?alia=x", f"messages?{many}"):
        answer = client.get(query)
        assert (answer.status_code, answer.json["error"]) == (422, "invalid")
