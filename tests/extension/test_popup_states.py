"""The states in which nothing can be told about a mail: each is named and has its next step."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from drivers.answers import OPEN, incident, message
from drivers.chromium import Chromium, copy_extension, run_chromium
from drivers.program import TOKEN, Program
from playwright.sync_api import Page, Playwright, expect

type ShowMail = Callable[..., Page]


def status_of(popup: Page) -> str:
    return popup.get_by_role("status").inner_text()


def test_a_program_that_is_down_is_named_first_and_mail_called_unprotected(chromium: Chromium) -> None:
    chromium.preset("127.0.0.1:9", TOKEN)
    popup = chromium.open_popup()
    assert status_of(popup) == "Bothways is not running."
    expect(popup.locator("#content")).to_contain_text("not protected")
    expect(popup.locator("#content")).to_contain_text("bothways run")


def test_another_address_leads_to_the_program(chromium: Chromium, program: Program) -> None:
    chromium.preset("127.0.0.1:9", TOKEN)
    popup = chromium.open_popup()
    popup.get_by_text("another address").click()
    popup.get_by_label("Address of the program").fill("mail.example:8417")
    popup.get_by_role("button", name="Use this address").click()
    expect(popup.get_by_role("alert")).to_contain_text("not an address on this computer")
    popup.get_by_label("Address of the program").fill(f"http://{program.address}/")
    popup.get_by_role("button", name="Use this address").click()
    expect(popup.get_by_role("status")).to_have_text("No mail is shown here.")


def test_pairing_takes_the_code_that_the_program_shows(chromium: Chromium, program: Program) -> None:
    chromium.preset(program.address, "")
    popup = chromium.open_popup()
    assert status_of(popup) == "This extension is not paired with Bothways yet."
    popup.get_by_label("Code").fill("654321")
    popup.get_by_role("button", name="Pair").click()
    expect(popup.get_by_role("alert")).to_have_text("This code is wrong. Tries left: 4.")
    popup.get_by_label("Code").fill(" 123 456 ")
    popup.keyboard.press("Enter")
    expect(popup.get_by_role("status")).to_have_text("No mail is shown here.")
    assert chromium.worker.evaluate("chrome.storage.local.get('token')") == {"token": "a-new-token"}


def test_a_revoked_token_asks_for_a_new_pairing(chromium: Chromium, program: Program) -> None:
    program.tokens.clear()
    assert chromium.open_popup().get_attribute("body", "data-state") == "unpaired"


def test_a_pause_is_told_above_the_mail_and_can_be_ended(show_mail: ShowMail, program: Program) -> None:
    program.paused_until = "2999-12-24T18:00:00+00:00"
    popup = show_mail(message(OPEN))
    expect(popup.locator("#notices")).to_contain_text("Paused until Dec 24, 2999")
    expect(popup.locator("#notices")).to_contain_text("stays as it is")
    popup.get_by_role("button", name="Resume now").click()
    expect(popup.locator("#notices")).to_be_empty()
    assert program.paused_until is None


@pytest.mark.parametrize(
    ("label", "asked"), [("5 minutes", "in 5 minutes"), ("1 hour", "in 60 minutes"), ("Until tomorrow", "T")]
)
def test_a_pause_says_first_what_it_means(
    show_mail: ShowMail, program: Program, label: str, asked: str
) -> None:
    popup = show_mail(message(OPEN))
    popup.get_by_text("Pause", exact=True).click()
    expect(popup.locator(".pause")).to_contain_text("stays as it is in your mail program")
    popup.get_by_role("button", name=label).click()
    expect(popup.locator("#notices")).to_contain_text("Paused until")
    expect(popup.locator(".pause")).to_have_count(0)
    assert asked in str(program.asked_pause)


def test_the_time_left_of_a_pause_is_counted_down(show_mail: ShowMail, program: Program) -> None:
    program.paused_until = (datetime.now(UTC) + timedelta(seconds=3700)).isoformat()
    popup = show_mail(message(OPEN))
    shown = popup.get_by_role("timer").inner_text()
    assert re.fullmatch(r"1:0[01]:\d\d", shown)
    expect(popup.get_by_role("timer")).not_to_have_text(shown)


def test_a_pause_that_the_program_refuses_is_told(show_mail: ShowMail, program: Program) -> None:
    popup = show_mail(message(OPEN))
    program.broken = True
    popup.get_by_text("Pause", exact=True).click()
    popup.get_by_role("button", name="5 minutes").click()
    expect(popup.get_by_role("status")).to_have_text("Could not pause; Bothways goes on cleaning.")


def test_a_mail_that_passed_elsewhere_is_not_called_clean(show_mail: ShowMail) -> None:
    popup = show_mail(uid="404")
    assert status_of(popup) == "Bothways did not check this mail."
    expect(popup.locator("#content")).to_contain_text("Nothing is known about it")


def test_a_page_without_a_known_webmail_shows_no_mail(chromium: Chromium, program: Program) -> None:
    page = chromium.context.new_page()
    page.goto(f"http://{program.address}/elsewhere/?_action=preview&_uid=12")
    popup = chromium.open_popup(chromium.tab_id(page))
    assert status_of(popup) == "No mail is shown here."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"api": 2}, "The extension and the program do not fit together."),
        ({"listeners": []}, "The Bothways proxy is not running."),
        ({"broken": True}, "Bothways gave no usable answer."),
        ({"program": "another"}, "Bothways gave no usable answer."),
    ],
)
def test_what_the_program_answers_decides_the_state(
    show_mail: ShowMail, program: Program, change: dict[str, object], sentence: str
) -> None:
    vars(program).update(change)
    assert status_of(show_mail(message(OPEN))) == sentence


def test_lost_events_are_told(show_mail: ShowMail, program: Program) -> None:
    program.lost_events = 3
    expect(show_mail(message(OPEN)).locator("#notices")).to_contain_text("3 events")


def test_a_connection_that_passed_untouched_is_told(show_mail: ShowMail, program: Program) -> None:
    program.incidents = [incident("went_through", "fault:KeyError")]
    notices = show_mail(message(OPEN)).locator("#notices")
    expect(notices).to_contain_text("Some mail passed without being looked at")
    expect(notices).to_contain_text("anna@buyer.example, last at")
    expect(notices).to_contain_text("an error in it (KeyError). A connection that cannot be followed is")


def test_what_passed_long_ago_or_for_a_reason_without_words(show_mail: ShowMail, program: Program) -> None:
    program.incidents = [incident("passed", "sun:spots"), incident("passed", "limit", account="")]
    notices = show_mail(message(OPEN)).locator("#notices")
    expect(notices).to_contain_text("could not follow what was said (sun:spots). A mail was too large")
    expect(notices).to_contain_text("anna@buyer.example and 1 more, last at")
    expect(notices).not_to_contain_text("connection")
    program.incidents = [incident("went_through", "odd", last_seen="2026-01-01T00:00:00Z")]
    expect(show_mail(message(OPEN)).locator("#notices")).to_be_empty()


def test_a_certificate_that_is_not_trusted_is_told(
    playwright: Playwright, chromium: Chromium, program: Program, tmp_path: Path
) -> None:
    arguments = [f"--proxy-server={program.address}"]
    with run_chromium(playwright, tmp_path / "profile", arguments=arguments) as doubting:
        doubting.preset(program.address, TOKEN)
        popup = doubting.open_popup()
        assert status_of(popup) == "This browser does not trust the Bothways certificate."


def test_a_browser_beside_the_proxy_is_told_and_so_is_a_permission_that_is_missing(
    playwright: Playwright, chromium: Chromium, program: Program, tmp_path: Path
) -> None:
    with run_chromium(playwright, tmp_path / "profile") as beside:
        beside.preset(program.address, TOKEN)
        assert status_of(beside.open_popup()) == "This browser does not go through Bothways."
    extension = copy_extension(tmp_path / "extension", withheld=["http://127.0.0.1/*"])
    with run_chromium(playwright, tmp_path / "other", extension=extension) as refused:
        popup = refused.open_popup()
        assert status_of(popup) == "A permission is missing."
        expect(popup.get_by_role("button", name="Give the permission")).to_be_enabled()


def test_a_lasting_permission_for_the_webmail_is_offered_and_asked_for(chromium: Chromium) -> None:
    popup = chromium.open_popup()
    asked = popup.evaluate(
        """async () => {
          const { viewOffer } = await import("./view/states.js");
          const asked = [];
          const request = (origins) => asked.push(...origins);
          const offer = viewOffer(["https://mail.example.org/*"], { request });
          document.body.replaceChildren(offer);
          offer.querySelector("button").click();
          return asked;
        }"""
    )
    assert asked == ["https://mail.example.org/*"]
    expect(popup.locator(".offer")).to_contain_text("With a permission for https://mail.example.org/*")
