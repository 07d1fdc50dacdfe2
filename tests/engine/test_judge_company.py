"""Specks by where they stand and what else their host shows; parameters that speak of an opening."""

from time import process_time

import pytest
from bothways.judge.company import Company
from bothways.judge.judge import judge_reference
from bothways.judge.surroundings import survey
from bothways.markup.references import find

TEXT = f"<p>{'Chairs and tables. ' * 30}</p>"
TOKEN = "0123456789abcdef0123"
ONE = "width=1 height=1"
PIXEL = f'<img src="https://m.shop.example/r/{TOKEN}.gif" {ONE}>'
LOGO = '<img src="https://m.shop.example/logo.png" width=200>'


def judge_body(body: str) -> list[str]:
    html = f"<html><body>{body}</body></html>"
    found = find(html)
    around = survey(html, found)
    findings = [judge_reference(reference, around) for reference in found.references]
    return [finding.url for finding in findings if finding is not None and not finding.visible]


def test_a_speck_of_a_host_that_shows_nothing() -> None:
    url = f"https://m.shop.example/r/{TOKEN}.gif"
    assert judge_body(f"{TEXT}<p>{PIXEL}</p>{TEXT}") == [url]
    assert judge_body(f"{TEXT}<p>{PIXEL}{PIXEL}</p>{TEXT}") == []
    assert judge_body(f"{LOGO}{TEXT}<p>{PIXEL}</p>{TEXT}") == []


@pytest.mark.parametrize("name", ["spacer.gif", "top_1px.png", "s.gif", "trans.gif", "line.gif", "leer.gif"])
def test_a_spacer_alone_of_its_host(name: str) -> None:
    spacer = f'<img src="https://cdn.shop.example/{TOKEN}/{name}" {ONE}>'
    assert judge_body(f"{TEXT}<p>{spacer}</p>{TEXT}") == []


@pytest.mark.parametrize("path", ["img/nic.gif", "e/cccccc.gif", "2026/05/px.png", f"{TOKEN}/shadow_l.gif"])
def test_a_filler_outside_of_the_layout(path: str) -> None:
    filler = f'<img src="https://m.shop.example/{path}" {ONE}>'
    assert judge_body(f"{TEXT}{filler}") == []
    assert judge_body(f"{filler}{TEXT}") == []


@pytest.mark.parametrize(("query", "count"), [("t=mail&u=9f2c31", 1), ("v=4821390233", 0)])
def test_a_spacer_outside_of_the_layout_that_is_asked_something(query: str, count: int) -> None:
    spacer = f'<img src="https://m.shop.example/clear.gif?{query}" {ONE}>'
    assert len(judge_body(f"{TEXT}{spacer}")) == count
    assert judge_body(f"{LOGO}{TEXT}{spacer}") == []


@pytest.mark.parametrize(("host", "count"), [("m", 1), ("static", 0)])
def test_a_speck_that_hardly_has_a_name_outside_of_the_layout(host: str, count: int) -> None:
    speck = f'<img src="https://{host}.shop.example/{TOKEN}/s.gif" {ONE}>'
    assert len(judge_body(f"{TEXT}{speck}")) == count
    assert judge_body(f"{TEXT}<p>{speck}</p>{TEXT}") == []


@pytest.mark.parametrize("dress", ["", "class=pixel", 'style="width:1px;height:1px"'])
def test_a_speck_outside_of_the_layout(dress: str) -> None:
    url = "https://m.shop.example/i/nee71knz/ol6robte.gif"
    speck = f'<img src="{url}" {ONE} {dress}>'
    assert judge_body(f"{TEXT}{speck}\n") == [url]
    assert judge_body(f"{speck}{TEXT}") == [url]
    assert judge_body(f"{TEXT}<p>{speck}</p>{TEXT}") == []


def test_a_speck_outside_of_the_layout_beside_pictures() -> None:
    url = f"https://m.shop.example/r/{TOKEN}.gif"
    assert judge_body(f"{LOGO}{TEXT}{PIXEL}") == [url]
    assert judge_body(f"{LOGO}{TEXT}{PIXEL.replace('.gif', '/spacer.gif')}") == []
    assert judge_body(f"{LOGO}{TEXT}{PIXEL.replace(TOKEN, 'line')}") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (f"service=news.mailopen&rid={TOKEN}", 1),
        (f"event=open&rid={TOKEN}", 1),
        (f"type=email-opened&rid={TOKEN}", 1),
        (f"rid={TOKEN}", 0),
        (f"name=opener&rid={TOKEN}", 0),
        (f"open=1&rid={TOKEN}", 0),
        ("event=open", 0),
    ],
)
def test_a_parameter_that_says_that_this_is_an_opening(query: str, count: int) -> None:
    image = f'<img src="https://m.shop.example/c.gif?{query}" alt="">'
    assert len(judge_body(f"{TEXT}<p>{image}</p>{TEXT}")) == count


def test_many_loads_are_sorted_by_their_hosts_once() -> None:
    html = "".join(f'<img src="https://m{n % 50}.example/{n}.gif" {ONE}>' for n in range(20_000))
    references = find(html).references
    start = process_time()
    company = Company(references)
    assert all(company.lacks(reference.url) for reference in references)
    assert process_time() - start < 5
