"""What the API tells of a message."""

from bothways.clean import clean_html
from bothways.judge.findings import Action, Certainty, Finding, Kind, WhySeen

FIELDS = {
    "id", "aliases", "message_id", "date", "subject", "sender", "first_seen", "last_seen", "views", "fetched",
    "route", "clients", "notes", "counts", "vendors", "findings",
}  # fmt: skip


def test_a_message_is_found_by_any_alias_and_by_its_id(client, ledger, make_record):
    identifier = ledger.record(make_record())
    by_alias = client.get("messages?alias=mid:none&alias=imap%3Abuyer%2FINBOX%2F7%2F1").json["messages"]
    (message,) = by_alias
    assert message["id"] == identifier
    detailed = client.get(f"messages/{identifier}").json
    assert set(message) == set(detailed) == FIELDS
    assert [finding | message["findings"][0] for finding in detailed["findings"]] == detailed["findings"]
    assert message["date"] == "2026-05-04T12:00:00+00:00"
    assert message["counts"] == {"blocked": 1, "cleaned": 0, "seen": 0}
    assert (message["sender"]["messages"], message["sender"]["tracked"]) == (1, 1)


def test_an_alias_may_hold_anything_once_percent_encoded(client, ledger, make_record):
    ledger.record(make_record(aliases=("mid:<a/b%c&d=é@x>", "imap:b/Sent%2F100%25/1/2")))
    for query in ("mid:%3Ca%2Fb%25c%26d%3D%C3%A9%40x%3E", "imap%3Ab%2FSent%252F100%2525%2F1%2F2"):
        assert len(client.get(f"messages?alias={query}").json["messages"]) == 1


def test_the_mail_programs_that_fetched_it_are_told(client, ledger, make_record):
    ledger.record(make_record(client="Thunderbird 153.0"))
    identifier = ledger.record(make_record(client="mbsync 1.4.4"))
    assert client.get(f"messages/{identifier}").json["clients"] == ["Thunderbird 153.0", "mbsync 1.4.4"]


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


def test_a_link_is_told_with_what_a_click_would_have_told(client, ledger, make_record):
    target = "https%3A%2F%2Fshop.example%2F%3Fvero_id%3Dbuyer%2540example.com"
    found = clean_html(f'<a href="https://duckduckgo.com/l/?uddg={target}">Offer</a>').findings
    (link,) = client.get(f"messages/{ledger.record(make_record(findings=found))}").json["findings"]
    assert (link["replacement"], link["removed"]) == ("https://shop.example/", ["vero_id"])
    layer = {"vendor": "duckduckgo", "vendor_name": "DuckDuckGo redirect", "url": link["url"]}
    assert link["layers"] == [layer]
    assert [(told["by"], told["tells"]) for told in link["tells"]] == [
        ("duckduckgo", "click"),
        ("duckduckgo", "address"),
        ("vero_id", "recipient"),
        ("vero_id", "address"),
    ]
    assert link["tells"][-1]["detail"] == "buyer@example.com"


def test_other_mails_are_told_of_in_the_detail_alone(client, ledger, make_record):
    first, second = (make_record(aliases=(f"imap:a/INBOX/1/{n}",)) for n in range(2))
    ledger.record(first)
    identifier = ledger.record(second)
    (finding,) = client.get(f"messages/{identifier}").json["findings"]
    assert finding["elsewhere"].pop("first_seen")
    assert finding["elsewhere"] == {"same_url": 1, "same_shape": 0, "senders": 1}
    (listed,) = client.get("messages?alias=imap:a/INBOX/1/1").json["messages"]
    assert set(finding) - set(listed["findings"][0]) == {"tells", "layers", "removed", "elsewhere"}


def test_an_alias_may_be_long_as_a_mail_may_say_anything_of_itself(client, ledger, make_record):
    name = f"mid:<{'x' * 9000}@seller.example>"
    ledger.record(make_record(aliases=(name,)))
    assert len(client.get(f"messages?alias={name}").json["messages"]) == 1


def test_aliases_are_wanted_and_bounded(client):
    many = "&".join(f"alias=mid:{n}" for n in range(51))
    for query in ("messages", "messages?alia=x", f"messages?{many}"):
        answer = client.get(query)
        assert (answer.status_code, answer.json["error"]) == (422, "invalid")
