"""An address that an XML text writes by names of its own is found, judged and taken out."""

import time

import pytest
from bothways import clean_message, restore
from bothways.explain import explain_message
from bothways.judge.findings import Action
from bothways.judge.policy import DEFAULT, STRICT

PIXEL = "https://mandrillapp.com/track/open.php?u=74299835&#38;id=bfa8f246556d67f58fbb4552e76513e8"


def svg(declarations: str, body: str) -> bytes:
    text = f'<!DOCTYPE svg [{declarations}]><svg xmlns="&ns;">{body}</svg>\r\n'
    return b"Content-Type: image/svg+xml\r\n\r\n" + text.encode()


@pytest.mark.parametrize(
    ("declarations", "body", "left"),
    [
        (f"<!ENTITY u '{PIXEL}'>", '<image href="&u;"/>', '<image href=""/>'),
        (
            f"<!ENTITY u '{PIXEL[:20]}'><!ENTITY v '{PIXEL[20:]}'>",
            '<image href="&u;&v;"/>',
            '<image href=""/>',
        ),
        (f"<!ENTITY u '{PIXEL}'><!ENTITY v '&u;'>", "<a/><image href='&v;'/>", "<a/><image href=''/>"),
        (f"<!ENTITY u '{PIXEL}'>", "<style>p{fill:url(&u;)}</style>", "<style>p{fill:none}</style>"),
    ],
)
def test_an_address_written_by_names_is_an_open_pixel(declarations: str, body: str, left: str) -> None:
    raw = svg(declarations, body)
    cleaned = clean_message(raw)
    assert [(finding.vendor, finding.action) for finding in cleaned.findings] == [
        ("mandrill", Action.BLOCKED)
    ]
    assert left.encode() in cleaned.raw
    assert restore(cleaned) == raw
    assert [row.finding.vendor for row in explain_message(raw) if row.finding] == ["mandrill"]


def test_what_a_declaration_holds_is_taken_out_of_it() -> None:
    raw = svg("""<!ENTITY i '<image href="https://a.example/x.png"/>'>""", "&i;")
    assert clean_message(raw, policy=DEFAULT).raw == raw
    assert b"""'<image href=""/>'""" in clean_message(raw, policy=STRICT).raw


def test_the_names_of_vocabularies_stay() -> None:
    raw = svg("<!ENTITY ns 'http://www.w3.org/2000/svg'>", '<image href="cid:a"/>')
    assert clean_message(raw, policy=STRICT).raw == raw


@pytest.mark.parametrize(
    "declarations",
    [
        "".join(f"<!ENTITY a{n} '{f'&a{n + 1};' * 9}'>" for n in range(30)),
        "<!ENTITY a '&a;&a;'>",
        "<!ENTITY " * 50_000,
        "<!ENTITY a '" * 50_000,
    ],
)
def test_no_declaration_costs_more_than_its_length(declarations: str) -> None:
    start = time.process_time()
    clean_message(svg(declarations, '<image href="&a;&a0;"/>' * 500), policy=STRICT)
    assert time.process_time() - start < 20
