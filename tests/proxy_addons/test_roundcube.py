"""Roundcube's pages: where the mail stands in them, and what they say of it."""

import json

import pytest
from bothways_proxy.page import Shown
from bothways_proxy.roundcube import read_page

ENVIRONMENT = {
    "action": "preview",
    "uid": "7",
    "mailbox": "INBOX",
    "sender": '"Seller, Jane" <seller@vendor.test>',
    "username": "reader@mail.test",
    "drafts_mailbox": "Drafts",
    "sent_mailbox": "Sent",
}


def page(body: str, **changes: str) -> str:
    environment = json.dumps(ENVIRONMENT | changes)
    return (
        f"<head><title>Webmail :: R&amp;D :: news</title><script>rcmail.set_env({environment});</script>"
        f'</head><body><div id="messagebody">{body}</div><div class="menu">x</div></body>'
    )


def regions(text: str) -> list[str]:
    found = read_page(text)
    return [text[start:end] for start, end in found.regions] if found else []


@pytest.mark.parametrize(
    "inside",
    [
        "plain",
        "<div><div class=a>x</div></div> y",
        "<!-- </div> --><p>x</p>",
        "<style>a{content:'</div>'}</style><img src=a>",
        '<a title="</div>">x</a>',
        '<DIV>x</DIV><div class="message-part">nested</div>',
    ],
)
def test_a_region_ends_where_its_div_does(inside: str) -> None:
    html_part = f'<div class="message-htmlpart" id="message-htmlpart1">{inside}</div>'
    assert regions(page(html_part + "between" + f'<div class="message-part">{inside}</div>')) == [
        inside,
        inside,
    ]


def test_a_region_without_an_end_takes_the_rest() -> None:
    text = page('<div class="message-htmlpart"><div><div>x')
    assert regions(text)[0].startswith("<div><div>x</div>")


def test_the_page_says_whose_mail_it_shows() -> None:
    found = read_page(page('<div class="message-part">x</div>'))
    assert found is not None
    assert not found.own
    assert found.shown == Shown(
        "INBOX", "7", "reader@mail.test", "seller@vendor.test", "Seller, Jane", "R&D :: news"
    )


@pytest.mark.parametrize(
    ("changes", "own"),
    [({"mailbox": "Sent"}, True), ({"sender": "reader@mail.test"}, False), ({"mailbox": "INBOX"}, False)],
)
def test_sent_mail_is_own_whoever_a_sender_claims_to_be(changes: dict[str, str], own: bool) -> None:
    found = read_page(page('<div class="message-part">x</div>', **changes))
    assert found is not None
    assert found.own is own


@pytest.mark.parametrize("changes", [{"action": "compose"}, {"mailbox": "Drafts"}, {"action": ""}])
def test_what_is_being_written_is_left_alone(changes: dict[str, str]) -> None:
    assert read_page(page('<div class="message-htmlpart">x</div>', **changes)) is None


@pytest.mark.parametrize(
    "text", ["", "<p>x", 'class="message-part"', 'set_env({ class="message-part"', "[" * 10000]
)
def test_other_pages_are_none(text: str) -> None:
    assert read_page(text) is None


@pytest.mark.parametrize("subject", ["set_env({ now", 'set_env({"action":"compose"})', "set_env({})"])
def test_a_subject_cannot_pass_for_the_page_s_own_words(subject: str) -> None:
    text = page('<div class="message-htmlpart">x</div>').replace("news</title>", f"{subject}</title>")
    assert regions(text) == ["x"]


def test_a_mail_s_text_cannot_pass_for_the_page_s_own_words() -> None:
    mail = '<div class="message-htmlpart">set_env({"action":"compose"})</div>'
    head, _, rest = page(mail).partition("<script>")
    script, _, body = rest.partition("</script>")
    assert regions(f"{head}{body}<script>{script}</script>") == ['set_env({"action":"compose"})']


@pytest.mark.parametrize("action", ["show", "preview", "print"])
def test_a_mail_is_found_in_every_page_that_shows_it(action: str) -> None:
    assert regions(page('<div class="message-htmlpart">x</div>', action=action)) == ["x"]
