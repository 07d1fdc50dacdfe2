"""`bothways settings`, and how settings and options reach the other commands."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from bothways.settings import KEYS

PHOTO = '<img src="https://img.shop.example/a/photo.png" width=200 height=200>'


@pytest.fixture
def settle(home: Path):
    """Write the settings file of the home folder."""

    def write(text: str) -> Path:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = home / "settings.toml"
        path.write_text(text)
        return path

    return write


def scanned(result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [finding["action"] for finding in json.loads(result.output)["findings"]]


def test_without_a_file_all_is_as_shipped(bothways, home) -> None:
    result = bothways("settings")
    assert result.exit_code == 0
    assert result.output.startswith(f"# {home}/settings.toml (not there)\n")
    assert result.output.count("(as shipped)") == len(KEYS)
    assert tomllib.loads(result.output) == {}


def test_the_source_of_each_setting_is_shown(bothways, settle) -> None:
    path = settle('policy = "strict"\nrecipients = ["me@example.org"]\n')
    output = bothways("settings").output
    assert output.startswith(f"# {path}\n")
    assert 'policy = "strict"  # settings.toml' in output
    assert 'recipients = ["me@example.org"]  # settings.toml' in output
    assert "# strip_campaign = true  (as shipped)" in output
    assert tomllib.loads(output) == {"policy": "strict", "recipients": ["me@example.org"]}


def test_a_file_is_checked(bothways, tmp_path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("unwrap_gateways = true")
    bad.write_text("unwrap_gateway = true")
    assert bothways("settings", "check", good).output == f"{good}: good\n"
    result = bothways("settings", "check", bad)
    assert (result.exit_code, "did you mean 'unwrap_gateways'" in result.output) == (2, True)
    assert bothways("settings", "check", tmp_path / "none.toml").exit_code == 3


def test_the_readme_shows_settings_that_hold(bothways, tmp_path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(policy = .*?)```", readme, re.DOTALL)
    path = tmp_path / "settings.toml"
    path.write_text(shown)
    assert bothways("settings", "check", path).exit_code == 0
    assert tuple(tomllib.loads(shown)) == KEYS


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "-"),
        ("links",),
        ("settings",),
        ("clean", "OFFER", "-o", "OUT"),
        ("run", "--http", "127.0.0.1:0"),
    ],
)
def test_a_file_that_cannot_be_used_stops_every_command(bothways, settle, offer, tmp_path, words) -> None:
    settle('policy = "strickt"')
    named = {"OFFER": offer, "OUT": tmp_path / "out.eml"}
    result = bothways(*(named.get(word, word) for word in words), stdin=b"")
    assert result.exit_code == 2
    assert "settings.toml: policy: must be one of" in result.output
    assert not (tmp_path / "out.eml").exists()


def test_the_policy_reaches_scan_and_clean_and_an_option_wins(
    bothways, settle, offer, letters, tmp_path
) -> None:
    settle('policy = "watch"')
    assert scanned(bothways("scan", "--format", "ndjson", offer)) == ["seen", "seen"]
    assert "seen (policy)" in bothways("scan", "--explain", offer).output
    everything = bothways("scan", "--format", "ndjson", "--policy", "default", offer)
    assert sorted(scanned(everything)) == ["blocked", "cleaned"]
    watched, strict = tmp_path / "watched.eml", tmp_path / "strict.eml"
    assert bothways("clean", offer, "-o", watched).exit_code == 0
    assert watched.read_bytes() == letters.tracked
    assert bothways("clean", offer, "-o", strict, "--policy", "strict").exit_code == 0
    assert b"logo.png" not in strict.read_bytes()


def test_the_readers_addresses_come_from_the_option_then_the_file(bothways, settle, tmp_path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(
        b"From: a@shop.example\nTo: list@example.net\nContent-Type: text/html\n\n"
        b'<img src="https://shop.example/a.png?m=me%40example.org" width=1 height=1 alt="Our logo">'
    )
    assert bothways("scan", "--explain", path).output.count("  reader  ") == 0
    settle('recipients = ["me@example.org"]')
    assert bothways("scan", "--explain", path).output.count("  reader  ") == 1
    other = bothways("scan", "--explain", "--recipient", "you@example.org", path)
    assert other.output.count("  reader  ") == 0
    assert bothways("scan", "--recipient", "nobody", path).exit_code == 2


def test_links_undo_all_unless_it_was_settled_otherwise(bothways, settle) -> None:
    url = b"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2F&data=05%7C01%7C%7Cx&sdata=x&reserved=0\n"
    campaign = b"https://shop.example/?utm_campaign=spring&utm_source=mail\n"

    def answer(stdin: bytes, *words: str) -> str:
        return json.loads(bothways("links", "--format", "ndjson", *words, stdin=stdin).output)["cleaned"]

    assert answer(url) == "https://shop.example/"
    assert answer(campaign) == "https://shop.example/"
    settle("strip_campaign = false")
    assert answer(url) == "https://shop.example/"
    assert answer(campaign) == campaign.decode().strip()
    settle("unwrap_gateways = false")
    assert answer(url) == url.decode().strip()
    settle("unwrap_gateways = true")
    assert answer(url, "--keep-gateways") == url.decode().strip()


def test_links_of_gateways_in_mail_are_undone_where_that_is_settled(bothways, settle, tmp_path) -> None:
    url = "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2F&data=05%7C01%7C%7Cx&sdata=x&reserved=0"
    path = tmp_path / "mail.eml"
    path.write_text(f"Content-Type: text/plain\n\n{url}\n")
    assert scanned(bothways("scan", "--format", "ndjson", path)) == ["seen"]
    settle("unwrap_gateways = true")
    assert scanned(bothways("scan", "--format", "ndjson", path)) == ["cleaned"]


def test_settings_reach_the_proxy_and_an_option_wins(bothways, settle, monkeypatch) -> None:
    given = []

    async def run_proxy(config, *_args, **_kwargs) -> None:
        given.append(config.settings)

    monkeypatch.setattr("bothways_cli.service.run_proxy", run_proxy)
    settle('policy = "watch"\nrecipients = ["me@example.org"]')
    words = ("run", "--http", "127.0.0.1:0", "--api", "127.0.0.1:0")
    for more in ((), ("--policy", "strict")):
        result = bothways(*words, *more)
        assert result.exit_code == 0, result.output
    assert [settings.policy for settings in given] == ["watch", "strict"]
    assert {settings.recipients for settings in given} == {("me@example.org",)}
