"""Every place of HTML and CSS that loads: found, judged, and neutralised so that all else stays."""

from collections import Counter

import pytest
from bothways import clean_message, restore
from bothways.judge.findings import Action, Kind
from bothways.judge.policy import DEFAULT, STRICT, WATCH
from bothways.markup.references import find
from testbed.slots import SLOTS, Shows, Slot

ROOT = "http://tracker.vendor.test"
by_name = pytest.mark.parametrize("slot", SLOTS, ids=[slot.name for slot in SLOTS])
both_lengths = pytest.mark.parametrize("keep_length", [False, True], ids=["any", "kept"])


@by_name
@both_lengths
def test_an_open_pixel_is_found_and_stopped(slot: Slot, keep_length: bool) -> None:
    url = slot.tracking(ROOT)
    raw = slot.mail(url)
    cleaned = clean_message(raw, keep_length=keep_length)
    outcomes = {(f.kind, f.action, f.vendor) for f in cleaned.findings}
    assert (Kind(slot.kind), Action.BLOCKED, "ahoy") in outcomes
    assert slot.path(url).encode() not in cleaned.raw
    assert restore(cleaned) == raw
    assert not keep_length or len(cleaned.raw) == len(raw)


@by_name
@both_lengths
def test_only_pictures_load_under_default(slot: Slot, keep_length: bool) -> None:
    raw = slot.mail(slot.plain(ROOT))
    cleaned = clean_message(raw, policy=DEFAULT, keep_length=keep_length)
    assert (cleaned.raw == raw) == (slot.shows is not Shows.NOTHING)
    assert cleaned.findings == ()
    assert restore(cleaned) == raw


@by_name
@both_lengths
def test_nothing_loads_under_strict(slot: Slot, keep_length: bool) -> None:
    url = slot.plain(ROOT)
    cleaned = clean_message(slot.mail(url), policy=STRICT, keep_length=keep_length)
    assert (slot.path(url).encode() in cleaned.raw) == (slot.shows is Shows.NEVER)
    assert cleaned.findings == ()
    assert any(note.startswith("remote:") for note in cleaned.notes) == (slot.shows is not Shows.NEVER)


@by_name
@both_lengths
def test_what_is_left_loads_and_links_as_before(slot: Slot, keep_length: bool) -> None:
    """No change makes a URL of what stood beside it: its quotes, its candidates, its other attributes."""
    url = slot.tracking(ROOT)
    page = f"{slot.page(url)}<a href='https://www.shop.test/'>shop</a>"
    if slot.name == "css-unclosed":
        page = page.partition("<a ")[0]
    cleaned = clean_message(Slot("x", page, slot.shows).mail(url), keep_length=keep_length).raw.decode()
    left, before = find(cleaned), find(page)
    known = Counter(reference.url for reference in before.references)
    assert all(url in known or url.startswith("data:") for url in urls_of(left))
    assert [link.url for link in left.links] == [link.url for link in before.links]
    assert cleaned.count('"') % 2 == page.count('"') % 2


@by_name
def test_watching_leaves_all_as_it_is(slot: Slot) -> None:
    raw = slot.mail(slot.tracking(ROOT))
    cleaned = clean_message(raw, policy=WATCH)
    assert cleaned.raw == raw
    assert cleaned.findings


def urls_of(found) -> set[str]:
    return {reference.url for reference in found.references} - {""}
