"""`bothways scan`: the documented output, and what happens when input or output fails."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bothways_cli.formats.csv import cell
from bothways_cli.words import printable, tell_note


def test_ndjson_is_the_documented_object(bothways, offer, letters):
    result = bothways("scan", "--format", "ndjson", offer)
    [row] = [json.loads(line) for line in result.stdout.splitlines()]
    findings = row.pop("findings")
    assert row == {
        "source": str(offer),
        "message_id": "<offer-1@shop.example>",
        "date": "2026-11-03T10:20:30+01:00",
        "from": "seller@shop.example",
        "notes": [],
    }
    opened, clicked = sorted(findings, key=lambda finding: finding["kind"], reverse=True)
    assert opened.pop("reasons")[0] == {"code": "vendor_rule", "evidence": "yesware"}
    assert opened == {
        "kind": "open",
        "certainty": "known",
        "action": "blocked",
        "why_seen": None,
        "visible": False,
        "url": letters.pixel,
        "replacement": "",
        "element": "img",
        "attribute": "src",
        "vendor": "yesware",
        "vendor_name": "Yesware",
        "company": "Vendasta",
        "carrier": "t.yesware.com",
        "layers": [],
        "removed": [],
        "tells": [],
    }
    assert (clicked["action"], clicked["replacement"]) == ("cleaned", letters.target)
    assert clicked["layers"] == [{"vendor": "yesware", "url": letters.wrapped}]
    assert [told["tells"] for told in clicked["tells"]] == ["click", "recipient", "send"]


def test_scanning_changes_nothing(bothways, offer, letters):
    bothways("scan", offer)
    assert offer.read_bytes() == letters.tracked
    assert list(offer.parent.iterdir()) == [offer]


def test_text_for_people(bothways, offer, letters):
    result = bothways("scan", offer)
    assert result.stdout == (
        f"{offer}\n"
        "  seller@shop.example, 2026-11-03 10:20\n"
        "  Blocked Known  open     Yesware by Vendasta at t.yesware.com\n"
        f"          {letters.pixel}\n"
        "  Cleaned Known  click    Yesware by Vendasta at t.yesware.com\n"
        f"          {letters.wrapped}\n"
        f"          -> {letters.target}\n"
        "\n"
        "1 mail, 1 with trackers. Nothing was changed. "
        "Cleaning would block 1 load and clean 1 link; 0 would stay as seen.\n"
    )


def test_nothing_found_is_not_called_safe(bothways, tmp_path, letters):
    (tmp_path / "plain.eml").write_bytes(letters.plain)
    assert bothways("scan", tmp_path).stdout == "1 mail: no known trackers found.\n"


def test_an_mbox_from_standard_input_is_numbered(bothways, letters):
    result = bothways("scan", "--format", "ndjson", "-", stdin=letters.mbox)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["source"], len(row["findings"])) for row in rows] == [("-#1", 2), ("-#2", 0)]


def test_csv_has_a_row_for_each_finding(bothways, offer, letters):
    result = bothways("scan", "--format", "csv", offer)
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert {row["url"] for row in rows} == {letters.pixel, letters.wrapped}
    assert {row["vendor_name"] for row in rows} == {"Yesware"}
    tells = {row["kind"]: row["tells"] for row in rows}
    assert (tells["open"], "yesware:click" in tells["click"].split()) == ("", True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        (" +1", "' +1"),
        ("\t=1", "'\t=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a=1", "a=1"),
        (None, ""),
        (False, "no"),
        ("\udc80", "?"),
    ],
)
def test_no_cell_is_a_formula(value, shown):
    assert cell(value) == shown


def test_html_escapes_what_a_mail_says_and_loads_nothing(bothways, tmp_path, letters):
    path = tmp_path / "<script>.eml"
    path.write_bytes(letters.tracked)
    page = bothways("scan", "--format", "html", path).stdout
    assert "&lt;script&gt;.eml" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "href=" not in page
    assert letters.pixel in page
    assert page.count("a click tells Yesware: click") == 1
    assert page.rstrip().endswith("</html>")


def test_a_mail_cannot_steer_the_terminal(bothways, tmp_path, letters):
    path = tmp_path / "\x1b[2J\u202e.eml"
    path.write_bytes(letters.tracked)
    shown = bothways("scan", path).stdout
    assert "\\x1b[2J\\u202e.eml" in shown
    assert "\x1b" not in shown


def test_printable_keeps_letters_of_all_scripts():
    assert printable("Grüße 你好 🙂") == "Grüße 你好 🙂"
    assert printable("\udcff\x00") == "\\udcff\\x00"


def test_what_cannot_be_read_is_named_and_the_rest_is_done(bothways, offer):
    result = bothways("scan", "--format", "ndjson", offer.parent / "gone.eml", offer)
    assert result.exit_code == 3
    assert result.stderr == f"bothways: {offer.parent}/gone.eml: No such file or directory\n"
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--fail-on-findings",), 1)])
def test_findings_fail_only_where_asked_for(bothways, offer, words, code):
    assert bothways("scan", *words, offer).exit_code == code


def test_no_findings_never_fail(bothways, letters):
    assert bothways("scan", "--fail-on-findings", "-", stdin=letters.plain).exit_code == 0


def test_wrong_use_is_2(bothways, offer):
    assert bothways("scan").exit_code == 2
    assert bothways("scan", "--format", "xml", offer).exit_code == 2


def test_a_reader_that_goes_away_ends_it_without_a_word(start, tmp_path: Path, letters):
    (tmp_path / "box").write_bytes(b"".join(b"From a 00:00\n" + letters.tracked + b"\n" for _ in range(500)))
    process = start("scan", "--format", "ndjson", tmp_path / "box")
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(120) == -13


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("too_large", "too large to look into: passed as it is"),
        ("limit:depth", "over a limit, the rest is passed as it is (depth)"),
        ("never-heard-of", "never-heard-of"),
        ("encoding:\x1b[2J", "an unknown transfer encoding, read as it is (\\x1b[2J)"),
    ],
)
def test_notes_are_put_in_words(note, told):
    assert tell_note(note) == told


@pytest.mark.parametrize("form", ["text", "html", "csv", "ndjson"])
def test_no_letter_is_too_much_for_the_locale(tmp_path, letters, form):
    path = tmp_path / "grüße-你好-\udcff.eml"
    path.write_bytes(letters.tracked)
    done = subprocess.run(
        [sys.executable, "-m", "bothways_cli", "scan", "--format", form, path],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert letters.target.encode() in done.stdout
    assert done.stderr == b""


def test_a_link_that_tells_by_its_parameters_names_them(bothways, tmp_path):
    path = tmp_path / "mail.eml"
    link = "https://shop.example/chairs?utm_source=news&page=2"
    path.write_text(f'Content-Type: text/html\n\n<a href="{link}">chairs</a>\n')
    output = bothways("scan", path).stdout
    assert "in the link itself: utm_source" in output
    assert "-> https://shop.example/chairs?page=2" in output


def test_a_mail_in_which_only_a_precaution_is_taken_is_not_listed(bothways, tmp_path):
    path = tmp_path / "mail.eml"
    path.write_text('Content-Type: text/html\n\n<link rel=stylesheet href="https://shop.example/mail.css">\n')
    assert bothways("scan", path).stdout == "1 mail: no known trackers found.\n"
