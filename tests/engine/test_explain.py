"""What is explained of a mail is what cleaning it comes to, and nothing else."""

from pathlib import Path

import pytest
from bothways import clean_message
from bothways.explain import Explained, explain_message
from bothways.judge.findings import Action, Kind
from bothways.judge.policy import DEFAULT, STRICT, WATCH
from testbed.slots import SLOTS, Slot, all_places

MAILS = sorted(path for path in (Path(__file__).parents[1] / "mail").glob("*.eml") if "." not in path.stem)
PIXEL = "https://mandrillapp.com/track/open.php?u=74299835&id=bfa8f246556d67f58fbb4552e76513e8"


def check(raw: bytes, **how) -> list[Explained]:
    rows = list(explain_message(raw, **how))
    told = {(row.url, row.finding.kind, row.finding.action) for row in rows if row.finding}
    assert told == {(each.url, each.kind, each.action) for each in clean_message(raw, **how).findings}
    for row in rows:
        if row.judgement and row.judgement.finding:
            assert row.finding
            assert row.finding.reasons == row.judgement.finding.reasons
        elif row.judgement and row.finding:
            assert [reason.code for reason in row.finding.reasons] == ["carrier_of_tracker"]
    return rows


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
@pytest.mark.parametrize("policy", [DEFAULT, STRICT, WATCH], ids=lambda policy: policy.name)
def test_verdicts_are_those_of_cleaning(path: Path, policy) -> None:
    for keep_length in (False, True):
        check(path.read_bytes(), policy=policy, keep_length=keep_length)


@pytest.mark.parametrize("slot", SLOTS, ids=lambda slot: slot.name)
def test_every_place_is_explained(slot: Slot) -> None:
    url = slot.tracking("https://t.vendor.test")
    rows = check(slot.mail(url))
    assert any(row.judgement and row.judgement.remote for row in rows)


def test_every_part_is_explained() -> None:
    rows = check(all_places("all", "https://t.vendor.test"))
    assert {row.section for row in rows} == {None, "1", "2", "3.1", "4"}


@pytest.mark.parametrize(
    ("content_type", "text", "place"),
    [
        ("image/svg+xml", f'<svg><image href="{PIXEL}"/></svg>', "image href"),
        ("image/svg+xml", f'<?xml-stylesheet href="{PIXEL}"?><svg/>', "style css_import"),
        ("text/css", f"p {{ background: url({PIXEL}) }}", "style css_url"),
        ("text/calendar", f"BEGIN:VEVENT\r\nATTACH:{PIXEL}\r\nEND:VEVENT", "calendar attach"),
        ("text/x-amp-html", f'<amp-pixel src="{PIXEL}"></amp-pixel>', "amp-pixel src"),
        ("text/html", f"<iframe src='data:text/html,<img src=\"{PIXEL}\">'></iframe>", "iframe src"),
    ],
)
def test_every_form_shows_its_signals(content_type: str, text: str, place: str) -> None:
    rows = check(f"Content-Type: {content_type}\r\n\r\n{text}\r\n".encode())
    found = [row for row in rows if row.finding and row.judgement]
    assert [f"{row.element} {row.attribute}" for row in found] == [place]
    assert found[0].judgement.weighed  # type: ignore[union-attr]


def test_a_mail_that_could_not_be_handled_is_told_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bothways.clean.refill", lambda *_: 1 / 0)
    raw = f'Content-Type: text/html\r\n\r\n<img src="{PIXEL}">'.encode()
    assert list(explain_message(raw, keep_length=True)) == []


def test_the_readers_address_is_looked_for() -> None:
    raw = b'Content-Type: text/html\r\n\r\n<img src="https://a.example/?m=buyer%40example.com">'
    (row,) = check(raw, recipients=["buyer@example.com"])
    assert row.finding
    assert row.finding.kind is Kind.OPEN
    assert row.finding.action in Action
    assert "reader" in {reason.code for reason in row.finding.reasons}


def test_of_two_loads_of_one_address_each_has_its_own_verdict() -> None:
    url = "https://m.shop.example/a/0123456789abcdef0123"
    tiny, large = "width=1 height=1", 'width=99 height=99 alt="Chairs"'
    html = f'<p>{"a" * 99}</p><img src="{url}" {tiny}><img src="{url}" {large}><p>{"b" * 99}</p>'
    raw = f"Content-Type: text/html\r\n\r\n{html}"
    rows = check(raw.encode())
    assert [row.finding is not None for row in rows] == [True, False]
