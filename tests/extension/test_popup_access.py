"""The popup for everyone: names and roles, keyboard, contrast in both schemes, large text."""

from collections.abc import Callable

import pytest
from drivers.answers import CLEANED, LIKELY, OPAQUE, OPEN, PARAMETERS, SIGNED, incident, message
from drivers.chromium import Chromium
from drivers.program import Program
from playwright.sync_api import Page, expect

type ShowMail = Callable[..., Page]

FULL = message(OPEN, LIKELY, CLEANED, OPAQUE, SIGNED, PARAMETERS, notes=["dkim", "paused"])
LOW_CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backdrop = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgb(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
  };
  const own = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return [...document.body.querySelectorAll("*")].filter(own).map((node) => {
    const pair = [light(rgb(getComputedStyle(node).color)), light(backdrop(node))];
    const [high, low] = pair.sort((a, b) => b - a);
    return [node.textContent.slice(0, 40), (high + 0.05) / (low + 0.05)];
  }).filter(([, ratio]) => ratio < 4.5);
}"""


def open_all(popup: Page) -> Page:
    popup.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    return popup


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(show_mail: ShowMail, program: Program, scheme: str) -> None:
    program.paused_until, program.lost_events = "2999-01-01T00:00:00Z", 2
    program.incidents = [incident("went_through", "not_a_response")]
    popup = open_all(show_mail(FULL))
    popup.emulate_media(color_scheme=scheme)
    assert popup.evaluate(LOW_CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_stands_out_from_its_ground(chromium: Chromium, program: Program, scheme: str) -> None:
    program.tokens.clear()
    popup = chromium.open_popup()
    popup.emulate_media(color_scheme=scheme)
    popup.get_by_label("Code").fill("111111")
    popup.get_by_role("button", name="Pair").click()
    expect(popup.get_by_role("alert")).not_to_be_empty()
    assert popup.evaluate(LOW_CONTRAST) == []


def test_everything_that_acts_is_reached_by_the_keyboard_and_shows_it(show_mail: ShowMail) -> None:
    popup = open_all(show_mail(FULL))
    acting = popup.locator("button:visible, summary:visible, [tabindex='0']:visible").count()
    outlines = []
    for _ in range(acting):
        popup.keyboard.press("Tab")
        outlines.append(popup.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert outlines == ["solid"] * acting


def test_buttons_and_fields_have_names(show_mail: ShowMail, chromium: Chromium, program: Program) -> None:
    popup = open_all(show_mail(FULL))
    names = popup.get_by_role("button").evaluate_all(
        "(all) => all.map((button) => button.textContent.trim())"
    )
    assert all(names)
    assert len(names) == len(set(names))
    program.tokens.clear()
    form = chromium.open_popup()
    assert all(form.locator("input").evaluate_all("(all) => all.map((field) => field.labels.length === 1)"))


def test_language_title_and_headings_are_there(show_mail: ShowMail) -> None:
    popup = show_mail(FULL)
    assert popup.locator("html").get_attribute("lang") == "en"
    assert popup.title() == "Bothways"
    expect(popup.get_by_role("heading", level=1)).to_have_text("Bothways")
    expect(popup.get_by_role("status")).to_have_attribute("aria-live", "polite")


def test_large_text_stays_inside(show_mail: ShowMail) -> None:
    popup = open_all(show_mail(FULL))
    popup.evaluate("document.documentElement.style.fontSize = '28px'")
    assert popup.evaluate("document.documentElement.scrollWidth") <= 360
