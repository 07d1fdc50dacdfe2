"""The popup about a mail: the sentence, who, why, links, totals, sender."""

from collections.abc import Callable

import pytest
from drivers.answers import CLEANED, LIKELY, OPAQUE, OPEN, SIGNED, message
from playwright.sync_api import Page, expect

type ShowMail = Callable[..., Page]


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
