"""What holds of the ledger whatever comes, in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from bothways.judge.findings import Action, Certainty, Finding, Kind
from bothways.ledger import Ledger, MessageRecord
from hypothesis import given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALIASES = ["mid:<1@x>", "mid:<2@x>", "imap:b/INBOX/1/1", "imap:b/INBOX/1/2", "sha256:aa", "web:h/-/I/1"]

findings = st.builds(
    Finding,
    kind=st.sampled_from(Kind),
    certainty=st.sampled_from(Certainty),
    action=st.sampled_from(Action),
    url=st.sampled_from(["https://t.example/1", "https://t.example/2", "https://t.example/3"]),
    element=st.just("img"),
    attribute=st.just("src"),
    vendor=st.sampled_from([None, "a", "b"]),
)
records = st.builds(
    MessageRecord,
    aliases=st.lists(st.sampled_from(ALIASES), min_size=1, max_size=3).map(tuple),
    message_id=st.sampled_from([None, "<1@x>", "<2@x>"]),
    sender=st.sampled_from(["", "a@x.example", "b@x.example"]),
    sender_name=st.text(max_size=3),
    subject=st.text(max_size=3),
    date=st.sampled_from([None, NOON]),
    at=st.integers(0, 99).map(lambda hours: NOON + timedelta(hours=hours)),
    route=st.sampled_from(["imap", "web", "file"]),
    delivery=st.sampled_from(["fetched", "viewed"]),
    findings=st.lists(findings, max_size=4).map(tuple),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    opened = Ledger.open(tmp_path_factory.mktemp("ledger") / "home")
    yield opened
    opened.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_deliveries_add_up(kept, events):
    kept.delete_all()
    identifiers = kept.record_all(events)
    messages = {identifier: kept.message(identifier) for identifier in identifiers}
    totals = kept.totals(NOON, NOON + timedelta(days=9))
    assert totals.messages == len(messages)
    assert sum(message.views + message.fetched for message in messages.values()) == len(events)
    for message in messages.values():
        urls = [stored.finding.url for stored in message.findings]
        assert len(urls) == len(set(urls))
        counts = message.counts
        assert counts.blocked + counts.cleaned + counts.seen == len(urls)
        assert message.first_seen <= message.last_seen


@settings(max_examples=60, deadline=None)
@given(st.lists(records, min_size=1, max_size=6))
def test_a_message_is_found_by_each_name_it_ever_had(kept, events):
    kept.delete_all()
    identifiers = kept.record_all(events)
    for event, identifier in zip(events, identifiers, strict=True):
        for alias in event.aliases:
            assert identifier in {message.id for message in kept.find_messages([alias])}
        held = {stored.finding.url for stored in kept.message(identifier).findings}
        assert {finding.url for finding in event.findings} <= held


@settings(max_examples=60, deadline=None)
@given(st.lists(records, min_size=1, max_size=4))
def test_the_same_deliveries_again_make_no_new_message(kept, events):
    kept.delete_all()
    once = {*kept.record_all(events)}
    placed = {alias for event in events for alias in event.aliases if alias.startswith("imap:")}
    kept.record_all(events)
    assert len({message.id for message in kept.find_messages(placed)} - once) == 0
