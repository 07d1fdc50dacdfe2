"""`bothways scan --explain`: each reference with its signals and the verdict."""

from pathlib import Path

from bothways_cli.main import main
from click.testing import CliRunner

MAIL = (
    b"Content-Type: text/html\r\n\r\n<p>Hello</p><img src=cid:logo>"
    b'<img src="https://m.shop.example/open/0123456789abcdef0123" width=1 height=1>'
    b'<img src="https://cdn.shop.example/\x1b[31mhero.png" width=600 height=200 alt="Our chairs">\r\n'
)


def explain(tmp_path: Path, raw: bytes) -> str:
    path = tmp_path / "mail.eml"
    path.write_bytes(raw)
    result = CliRunner().invoke(main, ["scan", "--explain", str(path)])
    assert result.exit_code == 0
    return result.output


def test_every_reference_is_shown_with_what_was_seen(tmp_path: Path) -> None:
    output = explain(tmp_path, MAIL)
    assert "+2.0  tiny  1x1" in output
    assert "+2.0  token  0123456789abcdef0123" in output
    assert "+1.5  tracking_word  open" in output
    assert "likely open, out of sight" in output
    assert "-2.5  plain_file" in output
    assert "-1.0  alternative  Our chairs" in output
    assert "not remote: no finding" in output
    assert "3 references, 1 findings" in output


def test_nothing_of_a_mail_steers_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in explain(tmp_path, MAIL)


def test_a_mail_without_references(tmp_path: Path) -> None:
    assert "0 references, 0 findings" in explain(tmp_path, b"Subject: x\r\n\r\nhello\r\n")


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["scan", "--explain", str(tmp_path / "none.eml")])
    assert result.exit_code == 3
    assert "none.eml" in result.output


def test_of_a_link_what_a_click_tells_is_shown(tmp_path: Path) -> None:
    wrapped = (
        f"https://t.yesware.com/tl/{'0a' * 20}/{'1b' * 16}/{'2c' * 16}?ytl=https%3A%2F%2Fshop.example%2Fx"
    )
    link = f'<a href="{wrapped}%3Futm_source%3Dnews">The offer</a>\r\n'
    output = explain(tmp_path, b"Content-Type: text/html\r\n\r\n" + link.encode())
    wrapper, parameter = (line for line in output.splitlines() if "a click tells" in line)
    assert wrapper.startswith("    a click tells  Yesware: click (")
    assert wrapper.endswith("), recipient, send")
    assert parameter == "    a click tells  utm_source: campaign"


def test_a_load_is_not_said_to_be_clicked(tmp_path: Path) -> None:
    assert "a click tells" not in explain(tmp_path, MAIL)
