"""Programs that count openings, by the names that they give themselves."""

import pytest
from bothways.judge.judge import judge_reference
from bothways.judge.surroundings import survey
from bothways.markup.references import find

TEXT = f"<table><tr><td>{'Chairs and tables. ' * 30}</td></tr></table>"


def judge_image(image: str) -> list[bool]:
    """Say of each finding whether the reader would see it."""
    html = f"<html><body>{TEXT}<p>{image}</p>{TEXT}</body></html>"
    found = find(html)
    around = survey(html, found)
    findings = [judge_reference(reference, around) for reference in found.references]
    return [finding.visible for finding in findings if finding is not None]


@pytest.mark.parametrize(
    "path",
    [
        "/track/open/4821",
        "/api/open?id=48821",
        "/trackOpen/12_3_48821",
        "/EmailTracking/Open/48821",
        "/letters-pixel.php?t=4821",
        "/email/opened.aspx?r=4821",
        "/emailtracker/?eid=48821",
        "/tools/trackEmail.php?key=8842",
        "/a/mailer_opened_count_all.php?mid=48821",
        "/markRead.aspx?link=55184FEA056F1689",
        "/email-open-event/4821",
        "/tracking-pixel/4821",
        "/xy-pixel/4821",
    ],
)
def test_a_program_that_counts_openings(path: str) -> None:
    assert judge_image(f'<img src="https://shop.example{path}" alt="">') == [False]
    assert judge_image(f'<img src="https://shop.example{path}" alt="Our shop">') == []
    assert judge_image(f'<img src="https://shop.example{path}" width="200">') == []
    assert judge_image(f'<img src="https://images.shop.example{path}">') == []


@pytest.mark.parametrize(
    ("hint", "count"),
    [
        ('rel="prefetch" href="https://shop.example/o/9f2c31aa0b77de41c3"', 1),
        ('rel="preload" as="image" href="https://shop.example/i/9f2c31aa0b77de41c3.png"', 0),
        ('rel="preload" as="style" href="https://fonts.shop.example/css2?family=Lato:wght@300;700"', 0),
        ('rel="stylesheet" href="https://fonts.googleapis.com/css?kit=9f2c31aa0b77de41c3"', 0),
        ('rel="preconnect" href="https://fonts.shop.example"', 0),
        ('rel="dns-prefetch" href="//cdn.shop.example/"', 0),
    ],
)
def test_what_is_loaded_ahead(hint: str, count: int) -> None:
    assert judge_image(f"<link {hint}>") == [False] * count


@pytest.mark.parametrize(
    "path",
    [
        "/us-open/2026/final",
        "/open-source/weekly",
        "/opening-hours",
        "/open/house.jpg",
        "/image/open/4821",
        "/threads/4821",
        "/read/4821",
        "/parcel/track/4821",
        "/tracking?parcel=4821",
        "/logo.php?f=open",
        "/pixel-art/4821",
        "/google-pixel-9/4821",
        "/travel/beacon-hill/4821",
        "/open-air-newsletter-2026/4821",
        "/track-your-mail/4821",
        "/open-house/9f2c31aa0b77de41c3",
        "/race-track/9f2c31aa0b77de41c3",
        "/ticket?status=open&id=9f2c31aa0b77de41c3",
        "/teaser?event=us-open&id=9f2c31aa0b77de41c3",
    ],
)
def test_what_is_open_read_or_tracked_besides_mail(path: str) -> None:
    assert judge_image(f'<img src="https://shop.example{path}" alt="">') == []
