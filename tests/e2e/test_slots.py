"""Every place from which a mail can call home, in a real browser and a real mail client, before and after."""

import email
import json
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pytest
from bothways import clean_message
from bothways.judge.policy import DEFAULT, STRICT, Policy
from playwright.sync_api import BrowserContext, Playwright
from testbed.bothways import Bothways, StartBothways, eventually
from testbed.canary import Canary, run_canary
from testbed.chromium import run_chromium
from testbed.dovecot import Account, Dovecot
from testbed.extension import copy_extension
from testbed.processes import SECONDS
from testbed.slots import FIRE_IN_CHROMIUM, FIRE_IN_THUNDERBIRD, SLOTS, Shows, Slot, all_places
from testbed.thunderbird import run_thunderbird

pytestmark = pytest.mark.e2e

PICTURES = {slot.name for slot in SLOTS if slot.shows is Shows.PICTURE}
KEPT_IN_CHROMIUM = FIRE_IN_CHROMIUM & PICTURES


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Give one that no mail of another test calls: a browser may call late."""
    with run_canary() as running:
        yield running


@pytest.fixture(scope="module")
def webmail() -> Iterator[Canary]:
    with run_canary() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(
    playwright: Playwright, stage: Path, require_debian: Callable[..., None]
) -> Iterator[BrowserContext]:
    require_debian("chromium", "libnss3-tools")
    home = Path(tempfile.mkdtemp(prefix="chromium-", dir=stage))
    with run_chromium(playwright, home, trusted=[]) as browser:
        yield browser


@pytest.fixture
def passing(start_bothways: StartBothways, dovecot: Dovecot) -> Iterator[Bothways]:
    """Give a Bothways that is paused: every mail passes as the server has it."""
    with start_bothways(imap=[f"localhost:{dovecot.port}"]) as bothways:
        client = bothways.pair()
        request = urllib.request.Request(
            f"{client.address}/api/v1/pause",
            json.dumps({"minutes": 60}).encode(),
            {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"},
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=SECONDS).close()
        yield bothways


def hear(
    chromium: BrowserContext,
    webmail: Canary,
    canary: Canary,
    policy: Policy | None,
    *,
    tracking: bool = False,
    expected: Set[str] = frozenset(),
) -> set[str]:
    """Show every slot's mail, cleaned under a policy or as it came, and give the names the canary heard.

    The expected ones are waited for, and others for a while.
    """
    pages = {}
    for slot in SLOTS:
        url = slot.tracking(canary.root) if tracking else slot.plain(canary.root)
        pages[f"/{slot.name}"] = shown(slot, url, policy)
    frames = "".join(f'<iframe src="{path}" width="300" height="200"></iframe>' for path in pages)
    webmail.serve({"/": f"<!doctype html><title>mails</title>{frames}", **pages})
    page = chromium.new_page()
    page.goto(webmail.root, wait_until="load")
    eventually(lambda: canary.names_heard() >= expected)
    page.wait_for_timeout(2_000)
    page.close()
    return canary.names_heard()


def shown(slot: Slot, url: str, policy: Policy | None) -> str:
    """Give what a client would show of the slot's mail."""
    raw = slot.mail(url)
    raw = raw if policy is None else clean_message(raw, policy=policy, keep_length=True).raw
    octets = email.message_from_bytes(raw).get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode()


def test_chromium_calls_from_the_places_it_is_known_to(chromium, webmail, canary) -> None:
    heard = hear(chromium, webmail, canary, None, expected=FIRE_IN_CHROMIUM)
    assert FIRE_IN_CHROMIUM - heard == set()


def test_chromium_calls_from_nowhere_under_strict(chromium, webmail, canary) -> None:
    assert hear(chromium, webmail, canary, STRICT) == set()
    assert canary.connections == 0


def test_chromium_loads_only_pictures_under_default(chromium, webmail, canary) -> None:
    heard = hear(chromium, webmail, canary, DEFAULT, expected=KEPT_IN_CHROMIUM)
    assert heard <= PICTURES
    assert heard >= KEPT_IN_CHROMIUM


def test_chromium_loads_no_open_pixel_under_default(chromium, webmail, canary) -> None:
    assert hear(chromium, webmail, canary, DEFAULT, tracking=True) == set()
    assert canary.connections == 0


@pytest.mark.parametrize("policy", [None, DEFAULT], ids=["untouched", "default"])
def test_a_click_pings_nobody(chromium, webmail, canary, policy) -> None:
    (slot,) = (slot for slot in SLOTS if slot.name == "anchor-ping")
    webmail.serve({"/": shown(slot, slot.plain(canary.root), policy)})
    expected = {"anchor-ping"} if policy is None else set()
    page = chromium.new_page()
    page.goto(webmail.root)
    page.click("a", no_wait_after=True)
    eventually(lambda: canary.names_heard() >= expected)
    page.wait_for_timeout(1_000)
    page.close()
    assert canary.names_heard() == expected


@pytest.mark.parametrize("policy", [None, DEFAULT], ids=["untouched", "default"])
def test_no_connection_is_made_ahead(chromium, webmail, canary, policy) -> None:
    (slot,) = (slot for slot in SLOTS if slot.name == "preconnect")
    webmail.serve({"/": shown(slot, slot.plain(canary.root), policy)})
    page = chromium.new_page()
    page.goto(webmail.root)
    eventually(lambda: policy or canary.connections)
    page.wait_for_timeout(1_000)
    page.close()
    assert (canary.connections > 0) == (policy is None)


def test_thunderbird_before_and_after(
    passing: Bothways,
    account: Account,
    canary: Canary,
    tmp_path: Path,
    require_debian: Callable[..., None],
) -> None:
    require_debian("thunderbird", "libnss3-tools", "xvfb", "openbox")
    for subject, policy in (("strict", STRICT), ("default", DEFAULT)):
        raw = all_places(subject, canary.root)
        account.deliver(clean_message(raw, policy=policy, keep_length=True).raw)
    account.deliver(all_places("untouched", canary.root))
    home = tmp_path / "home"
    home.mkdir()
    heard = {}
    with run_thunderbird(
        home,
        account,
        imap_port=passing.ports["imap"],
        proxy_port=passing.ports["http"],
        trusted=[account.authority],
        extension=copy_extension(tmp_path / "extension", passing.api),
    ) as thunderbird:
        for subject in ("strict", "default"):
            canary.clear()
            thunderbird.show(subject)
            time.sleep(2)
            heard[subject] = (canary.names_heard(), canary.connections)
        thunderbird.show("untouched")
        eventually(lambda: canary.names_heard() >= FIRE_IN_THUNDERBIRD)
    assert heard["strict"] == (set(), 0)
    assert heard["default"][0] <= PICTURES | {"part-nested", "part-svg", "calendar-described"}
    assert FIRE_IN_THUNDERBIRD - canary.names_heard() == set()
