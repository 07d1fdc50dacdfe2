"""What a load's name, its place and the style sheets say of it, where no vendor's rule does."""

from time import process_time

import pytest
from bothways import clean_html
from bothways.judge.findings import Certainty
from bothways.judge.judge import explain_reference, judge_reference
from bothways.judge.sheets import Sheets, find_occasion
from bothways.judge.surroundings import fold, survey
from bothways.judge.tokens import find_token, has_ids
from bothways.markup.references import find
from bothways.urls.address import parse

TOKEN = "aB3dE5gH7jK9mN1pQ4rS"
TEXT = f"<p>{'Chairs and tables. ' * 30}</p>"
PICTURE = f"https://shop.example/message/{TOKEN}/4C-460x140"


def judge_body(body: str, head: str = "") -> list[Certainty]:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    found = find(html)
    around = survey(html, found)
    findings = [judge_reference(reference, around) for reference in found.references]
    explained = [explain_reference(reference, around).finding for reference in found.references]
    assert findings == explained
    return [finding.certainty for finding in findings if finding is not None]


@pytest.mark.parametrize(
    "image",
    [
        f'<img src="https://m.shop.example/{TOKEN}/knots" alt="">',
        f'<img src="https://m.shop.example/v1/img?t=eyJ{TOKEN}.eyJ{TOKEN}">',
    ],
)
def test_an_image_in_no_element_but_the_body(image: str) -> None:
    assert judge_body(f"{TEXT}\n{image}<br>\n") == [Certainty.LIKELY]
    assert judge_body(f"\n {image}{TEXT}") == [Certainty.LIKELY]
    assert judge_body(f"{TEXT}{image}{image}") == [Certainty.LIKELY] * 2
    assert judge_body(f"{TEXT}<table><tr><td>{image}</td></tr></table>") == []
    assert judge_body(f"{TEXT}{image}Regards") == []


@pytest.mark.parametrize(
    "image",
    [
        f'<img src="https://lh3.googleusercontent.com/{TOKEN}">',
        f'<img src="https://m.shop.example/{TOKEN}/knots" alt="Our shop">',
        f'<img src="https://m.shop.example/{TOKEN}/knots" width="200">',
        f'<img src="https://m.shop.example/{TOKEN}/knots" class="logo">',
        f'<img src="https://m.shop.example/{TOKEN}/knots" style="max-width:100%">',
        f'<img src="https://m.shop.example/{TOKEN}.png">',
        '<img src="https://m.shop.example/">',
    ],
)
def test_a_picture_at_the_end_of_a_letter(image: str) -> None:
    assert judge_body(f"{TEXT}{image}") == []


@pytest.mark.parametrize(
    "url",
    [
        f"https://drive.google.com/uc?id={TOKEN}",
        f"https://mail.google.com/mail/u/0?ui=2&view=fimg&th={TOKEN}",
        f"https://bucket.s3.eu-central-1.amazonaws.com/{TOKEN}",
        f"https://substackcdn.example/fetch/{TOKEN}",
        f"https://git.example/assets/{TOKEN}",
        f"https://shop.example/p/img/{TOKEN}",
        f"https://qr.example/v1/create-qr-code?data={TOKEN}",
    ],
)
def test_a_picture_without_a_name(url: str) -> None:
    assert judge_body(f'{TEXT}<img src="{url}">') == []
    assert judge_body(f'{TEXT}<table background="{url}"><tr><td>x</table>{TEXT}') == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_letter_that_is_a_picture(count: int) -> None:
    image = f'<img src="https://m.shop.example/{TOKEN}/knots"><br>'
    assert judge_body(image * count) == []
    assert clean_html(image * count).findings == ()
    assert judge_body(image * count + TEXT) == [Certainty.LIKELY] * count


def test_a_text_in_place_of_what_is_too_small_to_see() -> None:
    pixel = '<img src="https://www.shop.example/tmp/4314881479/tracker.jpg" alt="Shop" width=1 height=1>'
    assert judge_body(f"{TEXT}{pixel}{TEXT}") == [Certainty.LIKELY]
    spacer = '<img src="https://www.shop.example/email/spacer.gif" alt="for alignment" width=1 height=1>'
    assert judge_body(f"{TEXT}{spacer}{TEXT}") == []


@pytest.mark.parametrize(
    ("image", "count"),
    [
        ('<img src="https://m.shop.example/opens/aBcDeFgHiJkLmNoPqRsT/blank.gif">', 1),
        ('<img src="https://m.shop.example/1px.gif?en=mail&uniqid=2667225">', 1),
        ('<img src="https://m.shop.example/img/spacer_2.gif?send=88121">', 1),
        ('<img src="https://m.shop.example/c14r.gif?pvci=4269_16738_993873" width=1 height=1>', 1),
        ('<img src="https://m.shop.example/spacer.gif">', 0),
        (f'<img src="https://m.shop.example/{TOKEN}/spacer.gif">', 0),
        ('<img src="https://m.shop.example/spacer.gif?v=20261122" width=1 height=1>', 0),
        ('<img src="https://m.shop.example/spacer.gif?sfvrsn=88121_3">', 0),
        ('<img src="https://m.shop.example/spacer.gif?id=7" width="600" height="1">', 0),
    ],
)
def test_files_that_show_nothing(image: str, count: int) -> None:
    assert judge_body(f"{TEXT}{image}{TEXT}") == [Certainty.LIKELY] * count


def test_no_room_at_all_says_no_more_than_that_it_is_hidden() -> None:
    picture = f'<img src="https://shop.example/lib/{TOKEN}.png" width="0" height="0" style="display:none">'
    assert judge_body(f"{TEXT}{picture}{TEXT}") == []


@pytest.mark.parametrize(
    "rule",
    [
        "@media (max-width:480px){.phone{display:block!important}}",
        "@media (max-width:480px){.phone{visibility:visible;display:block}}",
        "@media (max-width:480px){ a .x,img[class=Phone] {width:100%; DISPLAY : inline-block}}",
        '[class~="phone"]{display:table}',
    ],
)
def test_a_picture_that_other_screens_show(rule: str) -> None:
    image = f'<img class="a phone" src="{PICTURE}" style="display:none;max-height:0">'
    cell = f'<td class="phone" style="display:none">{image}</td>'
    inside = f'<div class="phone" style="display:none"><img src="{PICTURE}"></div>'
    laid = inside.replace("<img src=", "<td background=").replace("//", "//img.")
    for body in (image, cell, inside, laid):
        assert judge_body(f"{TEXT}{body}{TEXT}", f"<style>{rule}</style>") == []
        assert judge_body(f"{TEXT}{body}{TEXT}") == [Certainty.LIKELY]


@pytest.mark.parametrize(("rule", "count"), [(".phone{width:100%}", 0), (".phone{max-width:100%}", 1)])
def test_a_picture_to_which_other_screens_give_room(rule: str, count: int) -> None:
    image = f'<img class="phone" style="width:0;max-height:0" src="{PICTURE}">'
    sheet = f"<style>@media (max-width:480px){{{rule}}}</style>"
    assert judge_body(f"{TEXT}{image}{TEXT}", sheet) == [Certainty.LIKELY] * count


def test_a_pixel_is_one_on_other_screens_too() -> None:
    pixel = f'<img class="phone" src="{PICTURE}" width="1" height="1" style="display:none">'
    sheet = "<style>.phone{display:block}</style>"
    assert judge_body(f"{TEXT}{pixel}{TEXT}", sheet) == [Certainty.LIKELY]
    assert judge_body(f"{TEXT}{pixel}{TEXT}", sheet.replace("block", "none")) == [Certainty.LIKELY]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        (".px{display:none}", 1),
        ("a{color:red} p, img.px {width:1px; height:1px}", 1),
        ("#c1{opacity:0.01}", 1),
        (".px{max-width:1px;max-height:1px}", 1),
        (".px{width:600px}", 0),
        ("@media (max-width:480px){.px{display:none}}", 0),
        ("@media (max-width:480px){.a{color:red} .px{display:none}}", 0),
        (".dark .px{display:none}", 0),
        (".px{width:0;max-height:0} @media (max-width:480px){.px{width:100%!important}}", 0),
        (".px{width:0;max-height:0} .px{width:1px!important;max-height:1px}", 1),
        (".px{visibility:hidden} @media (max-width:480px){.px{visibility:visible}}", 0),
        (".px{opacity:0} .r:checked ~ .px{opacity:1}", 0),
        (".px{opacity:0;animation:fade 1s forwards}", 0),
        ("#c1{opacity:0} .r:checked ~ #c1{opacity:1}", 0),
        (".px{position:absolute;left:-999px;top:0}", 1),
        (".px{display:none} @media (prefers-color-scheme:dark){.px{display:block}}", 0),
    ],
)
def test_a_style_sheet_hides_an_endpoint(rule: str, count: int) -> None:
    image = f'<img class="a px" id="c1" src="{PICTURE}">'
    assert judge_body(f"{TEXT}{image}{TEXT}", f"<style type=a>{rule}</style>") == [Certainty.LIKELY] * count


def test_a_style_sheet_hides_an_endpoint_of_any_size() -> None:
    image = f'<img class="px" width="288" height="60" src="{PICTURE}">'
    assert judge_body(TEXT + image + TEXT, "<style>.px{display:none}</style>") == [Certainty.LIKELY]
    assert judge_body(TEXT + image + TEXT, "<style>.px{display:block}</style>") == []


@pytest.mark.parametrize(
    ("around", "hides"),
    [
        ("<div style='max-height:0;overflow:hidden'>{}</div>", True),
        ("<div style='width:1px; overflow: clip'>{}</div>", True),
        ("<figure style='position:absolute;left:-9999px'>{}</figure>", True),
        ("<div style='transform: scale(0)'>{}</div>", True),
        ("<div hidden>{}</div>", True),
        ("<ul><li style='display:none'>{}</ul>", True),
        ("<ul><li style='display:none'>x</ul>{}", False),
        ("<div style='max-height:600px;overflow:hidden'>{}</div>", False),
        ("<div style='max-height:0'>{}</div>", False),
        ("<div style='max-height:0;overflow:hidden'>x</div>{}", False),
        ("<div style='height:0;padding-top:56%;overflow:hidden'>{}</div>", False),
        ("<div style='height:0;padding:0;overflow:hidden'>{}</div>", True),
    ],
)
def test_what_is_around_leaves_no_room(around: str, hides: bool) -> None:
    image = f'<img width="288" height="60" src="{PICTURE}">'
    assert judge_body(TEXT + around.format(image) + TEXT) == [Certainty.LIKELY] * hides


@pytest.mark.parametrize(
    "load",
    [
        "<table background='{}'><tr><td>x",
        "<p style='background:url({})'>",
        "<style>.a{{background:url({})}}</style>",
    ],
)
def test_a_background_that_names_no_picture(load: str) -> None:
    assert judge_body(TEXT + load.format(PICTURE) + TEXT) == [Certainty.LIKELY]
    assert judge_body(TEXT + load.format(f"{PICTURE}.png") + TEXT) == []
    assert judge_body(TEXT + load.format(PICTURE.replace("shop.", "img2.shop.")) + TEXT) == []
    assert judge_body(TEXT + load.format("https://shop.example/paper") + TEXT) == []


@pytest.mark.parametrize(
    ("load", "count"),
    [
        ('<link rel=stylesheet href="{}">', 1),
        ("<style>@import url({});</style>", 1),
        ("<style>@font-face{{src:url({})}}</style>", 1),
        ("<style>@import url({}.css);</style>", 0),
        ('<link rel=stylesheet href="https://fonts.example/css2?family=Inter:wght@400;700">', 0),
    ],
)
def test_a_sheet_or_font_whose_url_is_a_token(load: str, count: int) -> None:
    load = load.format(f"https://m.shop.example/b/{TOKEN}")
    assert judge_body(f"{TEXT}{load}{TEXT}") == [Certainty.LIKELY] * count


@pytest.mark.parametrize(
    ("sheet", "occasion"),
    [
        ("@media print{#_t{background:url(X)}}", "@media print"),
        ("@media print{.a{color:red}} .b{background:url(X)}", ""),
        ("div.OutlookMessageHeader, blockquote #_t{background:url(X)}", "OutlookMessageHeader"),
        (".gmail_quote{color:red} .b{background:url(X)}", ""),
        ("blockquote{background:url(X)}", ""),
        ("url(X)", ""),
    ],
)
def test_what_loads_when_a_mail_is_printed_or_forwarded(sheet: str, occasion: str) -> None:
    assert find_occasion(sheet, 0, sheet.index("url(")) == occasion
    html = f"<style>{sheet.replace('X', f'https://img.shop.example/{TOKEN}/P')}</style>{TEXT}"
    assert judge_body(html) == ([Certainty.LIKELY] if occasion else [])


def test_ids_and_versions() -> None:
    assert has_ids(parse("https://a.example/x.gif?v=1&send=88121"))
    assert not has_ids(parse("https://a.example/x.gif?v=20261122&w=1200&page=12"))
    assert find_token(parse(f"https://a.example/i?t=eyJ{TOKEN}")).startswith("eyJ")
    assert find_token(parse(f"https://a.example/i?t={TOKEN}")) == ""


@pytest.mark.parametrize("piece", ["<style>", "<style>.a{display:block}", "{display", "}.a", "@media print{"])
def test_hostile_sheets_take_linear_time(piece: str) -> None:
    sheets = Sheets(fold(piece * 20_000))
    assert sheets.show("a") is (piece == "<style>.a{display:block}")
    assert find_occasion(piece * 20_000, 0, len(piece) * 20_000) in {"", "@media print"}


def test_a_long_class_is_not_read_whole_for_each_load_of_a_tag() -> None:
    loads = ",".join(f"https://m.shop.example/{TOKEN}/{place} {place + 1}w" for place in range(4000))
    image = f'<img class="{"a " * 500}px{" a" * 100_000}" srcset="{loads}">'
    began = process_time()
    assert judge_body(f"{TEXT}{image}{TEXT}", "<style>.px{display:none}</style>") == []
    assert process_time() - began < 20


def test_names_that_nothing_closes_are_looked_for_but_so_often() -> None:
    hidden = "".join(f"<x{number} style='display:none'></td>" for number in range(30_000))
    html = f'{hidden}<p>shown</p><div style="display:none"><img src="https://t.example/{TOKEN}"></div>'
    around = survey(html, find(html))
    assert len(around.hidden) == 30_001
    assert around.hiding_at(html.index("<img")) == "display:none"
