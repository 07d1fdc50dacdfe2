"""A link that is a deed or a key keeps every parameter."""

import pytest
from bothways.urls.links import NEEDED, clean_link
from bothways.urls.purpose import LinkContext, is_signed, says_deed
from bothways.urls.wrappers import LinkAction, LinkOptions
from bothways.vendors.catalogue import default_catalogue

TELLING = "https://shop.example/p?id=7&mc_eid=b"


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Signature=a&X-Amz-Date=b",
        "Expires=1&Signature=a&Key-Pair-Id=b",
        "Policy=a&Signature=b",
        "sv=2022&se=2026&sr=b&sp=r&sig=a",
        "GoogleAccessId=a&Expires=1&Signature=b",
        "X-Goog-Signature=a",
        "expires=1&signature=a",
        "amp;signature=a",
        "expires=1&md5=a",
        "ex=1&is=2&hm=3",
        "_hash=a",
        "hmac=a",
    ],
)
def test_a_signed_query_is_never_changed(query: str) -> None:
    url = f"https://files.example/a.pdf?{query}&utm_source=mail&mc_eid=a"
    assert clean_link(url, default_catalogue(), LinkOptions()).url == url
    assert is_signed(pair.partition("=")[0] for pair in query.split("&"))


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/unsubscribe?mc_eid=a",
        "https://shop.example/newsletterUnsubscribe.aspx?mc_eid=a",
        "https://shop.example/opt-out?mc_eid=a",
        "https://shop.example/confirm/7?mc_eid=a",
        "https://shop.example/email_preferences?mc_eid=a",
        "https://shop.example/password/reset?mc_eid=a",
        "https://shop.example/login?mc_eid=a",
        "https://shop.example/events/7/rsvp?mc_eid=a",
        "https://shop.example/event.ics?mc_eid=a",
        "https://shop.example/abmelden?mc_eid=a",
        "https://shop.example/d%C3%A9sabonnement?mc_eid=a",
        "https://shop.example/darse-de-baja?mc_eid=a",
        "https://shop.example/%D0%BE%D1%82%D0%BF%D0%B8%D1%81%D0%B0%D1%82%D1%8C%D1%81%D1%8F?mc_eid=a",
        "https://shop.example/?do=unsubscribe&mc_eid=a",
        "https://shop.example/?mode=resetPassword&mc_eid=a",
        "https://shop.example/a?token=abc&mc_eid=a",
        "https://shop.example/a?confirmationToken=abc&mc_eid=a",
        "https://shop.example/a?oobCode=abc&mc_eid=a",
        "https://app.example/?mc_eid=a#/reset-password?x=1",
        "https://app.example/?mc_eid=a#access_token=1",
        "https://shop.example/a?mkt_unsubscribe=1&mkt_tok=a",
        "https://shop.example/?nltr=abc&utm_source=a",
        "https://web.archive.example/web/2020/https://shop.example/?utm_source=a",
        "https://www.linkedin.com/comm/in/a?midToken=a&trk=b",
        "https://www.linkedin.com/e/v2?e=a&midToken=b&url=https%3A%2F%2Fa.example",
        "https://calendar.google.com/calendar/event?action=RESPOND&eid=a&utm_source=b",
        "https://seller.sharepoint.com/sites/a/guestaccess.aspx?share=a&utm_source=b",
        "https://seller.webex.com/seller/j.php?MTID=a&utm_source=b",
        "https://news.seller.example/e/es?s=7&e=8&elqTrackId=a&elq=b",
    ],
)
def test_a_deed_keeps_its_parameters(url: str) -> None:
    link = clean_link(url, default_catalogue(), LinkOptions())
    assert (link.url, link.removed, link.why) == (url, (), NEEDED)


@pytest.mark.parametrize(
    "path",
    [
        "zrusit-odber", "odjava", "otpisatsya", "meld-deg-av", "avanm%C3%A4l", "lopeta-tilaus",
        "listeden-cik", "atsisakyti", "atrakst%C4%ABties", "berhenti-berlangganan",
        "h%E1%BB%A7y-%C4%91%C4%83ng-k%C3%BD", "%D7%94%D7%A1%D7%A8%D7%94",
        "donar-se-de-baixa", "konto-aktivieren", "activer-mon-compte", "profile-center", "yes-keep-sending",
        "my/pause-newsletter", "newsletter-verwalten", "gerer-mes-abonnements", "ustawienia-powiadomien",
    ],
)  # fmt: skip
def test_leaving_and_beginning_are_known_in_more_languages(path: str) -> None:
    url = f"https://shop.example/{path}?mc_eid=a"
    assert clean_link(url, default_catalogue(), LinkOptions()).url == url


@pytest.mark.parametrize(
    "path",
    [
        "view-in-browser", "index.php/email/emailWebview", "webversion", "im-browser-ansehen",
        "voir-en-ligne", "ver-en-el-navegador", "nel-browser", "forward-to-a-friend", "survey/7",
        "vote.php", "Feedback/", "mailing-list/manage/", "newsletter/pause", "subscribe/renewal",
    ],
)  # fmt: skip
def test_a_page_made_for_one_reader_keeps_who_that_is(path: str) -> None:
    url = f"https://shop.example/{path}?mkt_tok=a"
    link = clean_link(url, default_catalogue(), LinkOptions())
    assert (link.url, link.action, link.why) == (url, LinkAction.REPORT_ONLY, NEEDED)
    campaign = f"https://shop.example/{path}?utm_source=a"
    assert clean_link(campaign, default_catalogue(), LinkOptions()).url == f"https://shop.example/{path}"


def test_an_answer_in_a_parameter_keeps_who_gave_it() -> None:
    url = "https://shop.example/r?Rating=5&mkt_tok=a"
    assert clean_link(url, default_catalogue(), LinkOptions()).url == url
    named = "https://shop.example/r?mkt_tok=rating"
    assert clean_link(named, default_catalogue(), LinkOptions()).url == "https://shop.example/r"


@pytest.mark.parametrize(
    "page",
    ["ada.typeform.com/to/A1b2", "www.surveymonkey.com/r/A1B2", "form.jotform.com/23", "calendly.com/ada/30"],
)
def test_a_form_keeps_who_answers(page: str) -> None:
    url = f"https://{page}?email=buyer%40example.com&ck_subscriber_id=7&utm_source=a"
    link = clean_link(url, default_catalogue(), LinkOptions())
    assert (link.url, link.action, link.why) == (url, LinkAction.REPORT_ONLY, NEEDED)
    assert (
        clean_link(f"https://{page}?utm_source=a", default_catalogue(), LinkOptions()).url
        == f"https://{page}"
    )


@pytest.mark.parametrize(
    "page", ["www.typeform.com/blog/a", "typeform.com.shop.example/to/a", "notcal.com/a"]
)
def test_other_pages_of_such_sites_and_lookalikes_are_none(page: str) -> None:
    link = clean_link(f"https://{page}?ck_subscriber_id=7", default_catalogue(), LinkOptions())
    assert link.url == f"https://{page}"


@pytest.mark.parametrize("path", ["orders/7", "order-status", "checkin", "my_account", "reservations/7"])
def test_what_is_looked_up_by_an_address_keeps_it(path: str) -> None:
    url = f"https://shop.example/{path}?user_email=buyer%40example.com&utm_source=a"
    assert clean_link(url, default_catalogue(), LinkOptions()).url == url
    other = f"https://shop.example/{path}?mc_eid=a"
    assert clean_link(other, default_catalogue(), LinkOptions()).removed == ("mc_eid",)


@pytest.mark.parametrize(
    "path", ["track-pants", "orders-of-magnitude", "the-best-browsers", "stop-motion", "survey-results-2026"]
)
def test_titles_with_such_words_are_pages_to_read(path: str) -> None:
    url = f"https://shop.example/{path}?mc_eid=a&user_email=buyer%40example.com"
    assert clean_link(url, default_catalogue(), LinkOptions()).url == f"https://shop.example/{path}"


def test_an_anchor_is_no_name_of_a_secret() -> None:
    link = clean_link("https://shop.example/?mc_eid=a#challenge", default_catalogue(), LinkOptions())
    assert link.url == "https://shop.example/#challenge"


@pytest.mark.parametrize(
    "text",
    [
        "Unsubscribe", "Confirm your address", "Manage your email preferences", "Sign in", "Reset password",
        "Hier abmelden", "E-Mail-Adresse bestätigen", "Se désabonner", "Darse de baja", "Cancelar inscrição",
        "Disiscriviti", "Uitschrijven", "Wypisz się", "Odhlásit se", "Avregistrera", "Отписаться от рассылки",
        "メール配信停止はこちら", "退订", "수신거부", "Διαγραφή", "Abonelikten",
    ],
)  # fmt: skip
def test_the_words_of_a_link_say_so_too(text: str) -> None:
    link = clean_link(TELLING, default_catalogue(), LinkOptions(), LinkContext(text))
    assert (link.url, link.action, link.why) == (TELLING, LinkAction.REPORT_ONLY, NEEDED)


@pytest.mark.parametrize(
    "text",
    [
        "Shop now",
        "Read more about how to reset your password safely",
        "We are hiring: Neueinstellungen",
        "adopt-in-box",
        "The calendar of all concerts this summer",
        "https://shop.example/p",
        "",
    ],
)
def test_words_of_pages_to_read_do_not(text: str) -> None:
    assert not says_deed(text)
    link = clean_link(TELLING, default_catalogue(), LinkOptions(), LinkContext(text))
    assert link.url == "https://shop.example/p?id=7"


def test_what_list_unsubscribe_names_is_left() -> None:
    left = clean_link(TELLING, default_catalogue(), LinkOptions(), LinkContext(list_unsubscribe=True))
    assert left.url == TELLING


def test_only_a_campaign_that_is_needed_is_no_report() -> None:
    link = clean_link("https://shop.example/login?utm_source=a", default_catalogue(), LinkOptions())
    assert (link.action, link.why) == (LinkAction.KEEP, NEEDED)
