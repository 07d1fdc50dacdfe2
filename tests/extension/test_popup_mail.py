"""The popup about a mail: the sentence, who, why, links, totals, sender, and the number on the button."""

from collections.abc import Callable
from pathlib import Path

import pytest
from drivers.answers import (
    CLEANED,
    LIKELY,
    OPAQUE,
    OPEN,
    PARAMETERS,
    SENDER,
    SIGNED,
    finding,
    message,
)
from drivers.chromium import Chromium, copy_extension, run_chromium
from drivers.program import TOKEN, Program
from playwright.sync_api import Page, Playwright, expect

type ShowMail = Callable[..., Page]

# Whoever looks only now and then may miss what a button says for a moment.
WATCH_FOR_COPIED = """() => {
  window.copied = new Promise((resolve) => {
    const look = () => document.body.textContent.includes("Copied (2)") && resolve(true);
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
}"""


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([], "No known trackers found."),
        ([OPEN], "HubSpot would have been told that you opened this mail."),
        ([LIKELY], "img.unknown.example would probably have been told that you opened this mail."),
        ([OPEN, LIKELY], "HubSpot would have been told that you opened this mail."),
        ([SIGNED, OPEN], "HubSpot can be told that you open this mail."),
        ([CLEANED], "HubSpot would have been told which links you click."),
        ([OPAQUE, CLEANED], "HubSpot can be told which links you click."),
    ],
)
def test_one_sentence_says_what_happened(show_mail: ShowMail, findings: list[object], sentence: str) -> None:
    popup = show_mail(message(*findings))
    expect(popup.get_by_role("status")).to_have_text(sentence)


def test_a_mail_that_was_not_read_is_not_called_free_of_trackers(show_mail: ShowMail) -> None:
    popup = show_mail(message(notes=["failed:ValueError"]))
    expect(popup.get_by_role("status")).to_have_text("This mail could not be checked.")
    expect(popup.locator("#content")).to_contain_text("passed on as it was sent")


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("not_looked_at:window", "fetched it in pieces"),
        ("not_looked_at:error:ValueError", "Cleaning it failed"),
        ("not_looked_at:of_tomorrow", "with any trackers in it (of_tomorrow)"),
        ("paused", "Bothways was paused at that moment"),
    ],
)
def test_a_mail_that_was_not_looked_at_says_so_and_why(show_mail: ShowMail, note: str, why: str) -> None:
    popup = show_mail(message(notes=[note]))
    expect(popup.get_by_role("status")).to_have_text("This mail was not looked at.")
    expect(popup.locator(".passed")).to_contain_text(why)


def test_a_copy_that_passed_is_told_beside_what_was_found(show_mail: ShowMail) -> None:
    popup = show_mail(
        message(
            OPEN, notes=["paused", "dkim", "remote:3", "limit:parts", "<b>new</b>", "looked_at:first:98304"]
        )
    )
    expect(popup.locator(".passed").first).to_contain_text("was also passed on without being looked at")
    hints = popup.locator("#content > .hint")
    expect(hints).to_contain_text(
        ["DKIM", "as a precaution: 3", "was not checked", "Noted: <b>new</b>", "octets: 98304"]
    )


def test_parameters_are_told_as_such_and_no_page_is_called_a_tracker(show_mail: ShowMail) -> None:
    popup = show_mail(message(PARAMETERS, {**PARAMETERS, "url": "https://other.example/?gclid=1"}))
    expect(popup.get_by_role("status")).to_have_text(
        "Links in this mail would have told the pages they lead to that you come from it."
    )
    group = popup.locator(".vendor")
    expect(group).to_contain_text("Parameters in links")
    expect(group).to_contain_text("Taken out: utm_source, gclid")
    expect(popup.get_by_role("heading", name="shop.example")).to_have_count(0)


def test_a_link_says_what_a_click_would_have_told(show_mail: ShowMail) -> None:
    popup = show_mail(message(CLEANED))
    expect(popup.locator(".tells li")).to_have_text(
        [
            "the mail address me@buyer.example",
            "HubSpot that you clicked, who you are, and in which mail",
            "who you are (mc_eid)",
            "which campaign you come from (utm_source, utm_medium)",
        ]
    )


def test_other_mails_are_told_of_as_evidence(show_mail: ShowMail, program: Program) -> None:
    beside = {"same_url": 3, "same_shape": 1000, "senders": 2, "first_seen": "2026-03-03T09:00:00+00:00"}
    program.details["m1"] = message({**LIKELY, "elsewhere": beside})
    popup = show_mail(message(LIKELY))
    expect(popup.locator(".vendor .elsewhere")).to_have_text(
        "The same address was in 3 other mails. The same form with changing tokens was in 1000 or more other "
        "mails. They came from 2 senders, first on Mar 3, 2026."
    )


def test_a_vendor_is_told_with_what_it_would_have_learned_and_how_we_know(show_mail: ShowMail) -> None:
    popup = show_mail(message(OPEN, LIKELY))
    hubspot, unknown = popup.locator(".vendor").all()
    expect(hubspot).to_contain_text("HubSpot Known")
    expect(hubspot).to_contain_text("Would have learned: that you opened the mail, when,")
    expect(hubspot).not_to_contain_text("clicks")
    expect(unknown).to_contain_text("Likely")
    expect(unknown.get_by_text("too small to be seen")).to_be_visible()
    expect(unknown.get_by_text("signal a_new_signal")).to_be_visible()


def test_what_was_left_in_says_why(show_mail: ShowMail) -> None:
    popup = show_mail(message(SIGNED, OPAQUE))
    expect(popup.locator(".why-seen")).to_have_count(2)
    expect(popup.locator(".vendor")).to_contain_text("changing it would break the signature")
    expect(popup.locator(".vendor")).to_contain_text(
        "Can learn: that you opened the mail, which links you click"
    )


def test_links_show_both_addresses_and_copy_them(show_mail: ShowMail, chromium: Chromium) -> None:
    chromium.context.grant_permissions(["clipboard-read", "clipboard-write"])
    popup = show_mail(message(CLEANED, OPAQUE))
    cleaned, opaque = popup.locator(".links > li").all()
    expect(cleaned.locator("dd > .exact")).to_have_text([CLEANED["url"], CLEANED["replacement"]])
    expect(opaque).to_contain_text("Not expanded")
    popup.bring_to_front()
    popup.evaluate(WATCH_FOR_COPIED)
    popup.get_by_role("button", name="Copy as sent (2)").click()
    assert popup.evaluate("window.copied")
    assert popup.evaluate("navigator.clipboard.readText()") == OPAQUE["url"]


def test_many_links_are_listed_step_by_step(show_mail: ShowMail) -> None:
    popup = show_mail(message(*[CLEANED] * 60))
    popup.get_by_text("Tracked links (60)").click()
    expect(popup.locator(".links > li")).to_have_count(25)
    popup.get_by_role("button", name="Show more").click()
    popup.get_by_role("button", name="Show more").click()
    expect(popup.locator(".links > li")).to_have_count(60)
    expect(popup.get_by_role("button", name="Show more")).to_be_hidden()


def test_sender_and_totals_are_told(show_mail: ShowMail) -> None:
    popup = show_mail(message(OPEN))
    expect(popup.locator(".sender")).to_contain_text("First seen Mar 3, 2026, last seen Nov 20, 2026.")
    expect(popup.locator(".sender")).to_contain_text("14 mails, 12 of them tracked.")
    popup.get_by_text("Totals").click()
    expect(popup.get_by_role("row", name="Loads blocked 4 12")).to_be_visible()


def test_the_programs_that_fetched_it_are_told(show_mail: ShowMail) -> None:
    popup = show_mail(message(OPEN, clients=["Thunderbird 153.0", "mbsync 1.4.4"]))
    expect(popup.locator("body")).to_contain_text("Fetched by Thunderbird 153.0 and mbsync 1.4.4.")


def test_several_messages_under_one_name_are_all_told(show_mail: ShowMail) -> None:
    popup = show_mail(message(OPEN), message(CLEANED, subject="Another"))
    expect(popup.get_by_role("article")).to_have_count(2)
    expect(popup.get_by_role("heading", name="Another")).to_be_visible()


def test_hostile_strings_stay_text_and_stay_inside(show_mail: ShowMail) -> None:
    evil = "\u202e<img src=x onerror=document.title='taken'>\x00\x07" + "W" * 5000
    link = finding("click", "cleaned", url=f"https://x.example/{evil}", replacement=f"javascript:{evil}")
    names = {"vendor": None, "vendor_name": evil, "company": evil, "carrier": evil}
    pixel = finding(
        **names, reasons=[{"code": evil, "evidence": evil}, {"code": "__proto__", "evidence": ""}]
    )
    sender = {**SENDER, "name": evil, "address": evil, "first_seen": "never"}
    popup = show_mail(message(link, {**pixel, "url": evil}, sender=sender), message(subject=evil))
    popup.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert popup.title() == "Bothways"
    assert popup.locator("img:not([src^=icons]), a, script:not([src='popup.js'])").count() == 0
    text = popup.inner_text("body")
    assert not set("\u202e\x00\x07") & set(text)
    assert "\\u{202e}" in text
    assert popup.evaluate("document.documentElement.scrollWidth") <= 360


def wait_for_text(chromium: Chromium, expression: str) -> str:
    """Evaluate in the worker until there is a text."""
    look = f"async () => {{ const text = await {expression}; text ? done(text) : setTimeout(look, 50); }}"
    text: str = chromium.worker.evaluate(f"new Promise((done) => {{ const look = {look}; look(); }})")
    return text


def test_the_button_counts_findings_where_the_user_gave_the_webmail_a_permission(
    playwright: Playwright, chromium: Chromium, program: Program, tmp_path: Path
) -> None:
    program.messages["web:webmail.test/-/INBOX%2FOffers/12"] = [message(SIGNED, CLEANED, CLEANED)]
    extension = copy_extension(tmp_path / "extension", given=["http://webmail.test/*"])
    arguments = [f"--proxy-server={program.address}"]
    with run_chromium(playwright, tmp_path / "profile", extension=extension, arguments=arguments) as watching:
        watching.preset(program.address, TOKEN)
        page = watching.context.new_page()
        page.goto("http://webmail.test/?_task=mail&uid=12")
        badge = f"chrome.action.getBadgeText({{ tabId: {watching.tab_id(page)} }})"
        assert wait_for_text(watching, badge) == "3"
