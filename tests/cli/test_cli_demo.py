"""`bothways demo`: its mails, its two servers, and the whole of it as one process."""

import re
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from bothways.markup.references import find
from bothways_cli.demo_mail import SampleMail, named_hosts, read_samples
from bothways_cli.demo_site import WEBMAIL, Visits, serve_sellers, serve_webmail, show_mail

LAST_LINE = "Ctrl-C ends the demo.\n"


def get(port: int, target: str, host: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", target, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_every_load_of_a_sample_mail_goes_to_a_host_that_the_demo_plays():
    mails = read_samples()
    for mail in mails:
        found = find(mail.html)
        for reference in found.references:
            assert re.match(r"http://([^/]+)/", reference.url)[1] in named_hosts(mails)
        for link in found.links:
            assert re.match(r"http://|https://[^/]+\.example/", link.url)


def test_the_webmail_answers_to_its_own_name_only():
    with serve_webmail(read_samples()) as port:
        assert get(port, "/", WEBMAIL)[0] == 200
        status, text = get(port, read_samples()[0].path, f"127.0.0.1:{port}")
    assert status == 421
    assert "<" not in text


def test_the_webmail_lists_and_shows_every_mail():
    mails = read_samples()
    with serve_webmail(mails) as port:
        listed = get(port, "/", WEBMAIL)[1]
        shown = [get(port, mail.path, WEBMAIL)[1] for mail in mails]
    assert listed.count("<li>") == len(mails) == 7
    assert all('<div class="message-htmlpart"' in page for page in shown)


def test_no_sender_can_write_into_the_page_around_the_mail():
    page = show_mail(SampleMail(1, "</script><b>", "<i>", "<p>text</p>"))
    assert "<b>" not in page
    assert "<i>" not in page


def test_the_sellers_hear_everything_but_pictures():
    visits = Visits()
    with serve_sellers(visits) as port:
        assert get(port, "/logo.svg", "static.shop.example")[1].startswith("<svg")
        get(port, "/open?id=7", "t.shop.example")
    assert visits.take() == ["http://t.shop.example/open?id=7"]
    assert visits.take() == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The running demo and all it said until it was ready."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with subprocess.Popen(
        [sys.executable, "-m", "bothways_cli", "demo", "--home", home],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = []
            while not said or said[-1] not in {LAST_LINE, ""}:
                said.append(process.stdout.readline())
            yield process, "".join(said)
        finally:
            process.kill()


def port_of(kind: str, said: str) -> int:
    return int(re.search(rf"^listening {kind} 127\.0\.0\.1:(\d+)$", said, re.MULTILINE)[1])


def test_the_sellers_hear_of_every_mail_without_bothways_and_of_none_with_it(demo):
    _, said = demo
    assert "Past Bothways, opening 7 mails told the sellers so 6 times.\n" in said
    assert (
        "Through Bothways, opening 7 mails told the sellers nothing.\n5 pictures loaded as before.\n" in said
    )


def test_it_says_what_became_of_every_mail(demo):
    _, said = demo
    for vendor in ("HubSpot Sales", "Yesware", "ContactMonkey", "Mailchimp", "SendGrid", "unknown tool"):
        assert f"    Blocked  {vendor:15} http://" in said
    assert said.count("leads now to    https://www.") == 3
    assert said.count("only the vendor knows where it leads") == 3
    assert said.count("No known trackers found.") == 1


def test_it_says_how_to_look(demo):
    _, said = demo
    assert re.search(
        rf"^  chromium .*--proxy-server=http://127.0.0.1:{port_of('http', said)} .* http://{WEBMAIL}/$",
        said,
        re.M,
    )
    assert re.search(r"this code once, within two minutes: \d{6}$", said, re.MULTILINE)
    assert get(port_of("api", said), "/api/v1/health", "127.0.0.1")[0] == 200


def test_a_pixel_that_is_asked_for_all_the_same_is_not_heard_but_a_click_is_told(demo):
    process, said = demo
    proxy, mails = port_of("http", said), read_samples()
    pixel = next(reference.url for reference in find(mails[1].html).references)
    click = next(link.url for link in find(mails[4].html).links)
    assert get(proxy, pixel, "t.yesware.com")[0] == 200
    get(proxy, click, "links.parcelpilot.example")
    assert process.stdout.readline() == f"The sellers heard: {click}\n"


def test_ctrl_c_ends_it(demo):
    process, _ = demo
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0
    assert process.stdout.read() == "The demo has ended.\n"
    assert process.stderr.read() == ""
