"""`bothways vendors`: what is known by name, and rules of one's own in the home folder."""

import json
import re
from pathlib import Path

import pytest
from bothways.vendors.catalogue import SHIPPED, shipped_catalogue, use_own_rules

RULE = r"""
id = "acme"
name = "Acme Mail"
company = "Acme"
category = "sales"
source = "mail that I get"

[[open]]
hosts = ["t.acme.example"]
path = '/o/[0-9a-f]{16}\.gif'

[[click]]
hosts = ["t.acme.example"]
path = '/c'
query = { u = '.+' }
steps = ["query:u"]

[samples]
open = ["https://t.acme.example/o/0123456789abcdef.gif"]
click = [{ url = "https://t.acme.example/c?u=https://shop.example/a", target = "https://shop.example/a" }]
other = ["https://t.acme.example/logo.gif"]
"""
WRAPPED = b"https://t.acme.example/c?u=https://shop.example/b\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder of the test's own; no own rule is in use afterwards."""
    place = tmp_path / "home"
    monkeypatch.setenv("BOTHWAYS_HOME", str(place))
    yield place
    use_own_rules(tmp_path / "none")


@pytest.fixture
def rule(tmp_path):
    path = tmp_path / "acme.toml"
    path.write_text(RULE)
    return path


def listed(bothways, *words):
    return [
        json.loads(line)
        for line in bothways("vendors", "list", "--format", "ndjson", *words).stdout.splitlines()
    ]


def test_list_holds_every_shipped_vendor(bothways, home):
    rows = listed(bothways)
    assert [row["id"] for row in rows] == sorted(shipped_catalogue().vendors)
    assert {row["own"] for row in rows} == {False}
    yesware = next(row for row in rows if row["id"] == "yesware")
    assert (yesware["opens"], yesware["clicks"], yesware["decodable"]) == (2, 2, "yes")
    assert next(row for row in rows if not row["clicks"])["decodable"] is None
    assert not home.exists()


def test_list_narrows_by_a_word(bothways, home):
    assert {row["id"] for row in listed(bothways, "HubSpot")} == {"hubspot", "hubspot_sales"}
    lines = bothways("vendors", "list", "yesware").stdout.splitlines()
    assert lines[0].split() == ["id", "name", "company", "category", "opens", "clicks", "decodable", "rule"]
    assert lines[1].split() == ["yesware", "Yesware", "Vendasta", "sales", "2", "2", "yes", "shipped"]
    nothing = bothways("vendors", "list", "no such tool")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "No vendor" in nothing.stderr


def test_check_takes_a_good_file_and_changes_nothing(bothways, home, rule):
    result = bothways("vendors", "check", rule)
    assert (result.exit_code, result.stdout) == (0, f"{rule}: good (1 open shape, 1 click shape)\n")
    assert not home.exists()
    assert bothways("vendors", "check", SHIPPED / "hubspot.toml", SHIPPED / "mailgun.toml").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "acme"', 'id = "hubspot"', "id: must be the file's name"),
        ("category", "kind", "kind: unknown key"),
        ("{16}", "{16", "samples.open[0]: no open shape fits it"),
        (
            'target = "https://shop.example/a"',
            'target = "https://x.example"',
            "samples.click[0].target: is https://shop",
        ),
        ("logo.gif", "c?u=https://shop.example", "samples.other[0]: must not match"),
        ('"query:u"', '"query:u", "rot13"', "click[0].steps: unknown step 'rot13'"),
        ("[[click]]", "[[click", "file: "),
    ],
)
def test_check_names_file_and_key(bothways, home, rule, old, new, told):
    rule.write_text(RULE.replace(old, new))
    result = bothways("vendors", "check", rule)
    assert old in RULE
    assert result.exit_code == 2
    assert result.stdout.startswith(f"{rule}: {told}")


def test_the_readme_shows_a_rule_that_works(bothways, home, rule):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(id = .*?)```", readme, re.DOTALL)
    rule.write_text(shown)
    assert bothways("vendors", "check", rule).exit_code == 0


def test_check_does_the_rest_where_one_cannot_be_read(bothways, home, rule, tmp_path):
    result = bothways("vendors", "check", tmp_path / "gone.toml", rule)
    assert (result.exit_code, result.stdout.count("good")) == (3, 1)
    assert f"{tmp_path / 'gone.toml'}: No such file" in result.stderr


def test_check_says_whose_urls_would_change_hands(bothways, home, rule):
    taken = "https://t.yesware.com/t/logo.gif"
    rule.write_text(
        RULE.replace("t.acme.example", "t.yesware.com").replace(r"/o/[0-9a-f]{16}\.gif", "/[ot]/.*")
    )
    result = bothways("vendors", "check", rule)
    assert result.exit_code == 0
    assert f"{rule}: takes what the catalogue holds for no tracker: {taken}\n" in result.stdout


def test_an_added_rule_counts_until_it_is_removed(bothways, home, rule):
    added = bothways("vendors", "add", rule)
    kept = home / "vendors" / "acme.toml"
    assert (added.exit_code, kept.read_text()) == (0, RULE)
    assert "bothways vendors remove acme" in added.stdout
    assert [path.stat().st_mode & 0o777 for path in (home, kept.parent, kept)] == [0o700, 0o700, 0o600]
    assert [row["own"] for row in listed(bothways, "acme")] == [True]
    assert "https://shop.example/b\n  unwrapped: Acme Mail" in bothways("links", stdin=WRAPPED).stdout
    assert bothways("vendors", "remove", "acme").exit_code == 0
    assert "no known tracker" in bothways("links", stdin=WRAPPED).stdout
    assert list(kept.parent.iterdir()) == []


def test_scan_and_clean_use_own_rules(bothways, home, rule, tmp_path):
    bothways("vendors", "add", rule)
    pixel = "https://t.acme.example/o/0123456789abcdef.gif"
    mail = tmp_path / "mail.eml"
    mail.write_text(f'From: a@b.example\nContent-Type: text/html\n\n<p>Hi</p><img src="{pixel}">\n')
    (finding,) = json.loads(bothways("scan", "--format", "ndjson", mail).stdout)["findings"]
    assert (finding["vendor"], finding["vendor_name"], finding["certainty"]) == ("acme", "Acme Mail", "known")
    assert bothways("clean", mail, "-o", tmp_path / "clean.eml").exit_code == 0
    assert pixel not in (tmp_path / "clean.eml").read_text()


def test_add_replaces_only_when_told(bothways, home, rule):
    bothways("vendors", "add", rule)
    rule.write_text(RULE.replace("Acme Mail", "Acme Two"))
    refused = bothways("vendors", "add", rule)
    assert refused.exit_code == 2
    assert f"bothways vendors add --replace {rule}" in refused.stderr
    assert bothways("vendors", "add", "--replace", rule).exit_code == 0
    assert listed(bothways, "acme")[0]["name"] == "Acme Two"


def test_add_refuses_what_is_wrong_shipped_or_gone(bothways, home, rule, tmp_path):
    rule.write_text(RULE.replace("{16}", "{17}"))
    wrong = bothways("vendors", "add", rule)
    assert (wrong.exit_code, "samples.open[0]" in wrong.stderr) == (2, True)
    shipped = bothways("vendors", "add", SHIPPED / "yesware.toml")
    assert (shipped.exit_code, "yesware is the id of a shipped vendor" in shipped.stderr) == (2, True)
    assert bothways("vendors", "add", tmp_path / "gone.toml").exit_code == 3
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "told"), [("yesware", "is shipped"), ("../acme", "no rule"), ("acme", "no rule")]
)
def test_remove_takes_only_own_rules(bothways, home, rule, name, told):
    (home / "vendors").mkdir(parents=True)
    (home / "acme.toml").write_text(RULE)
    result = bothways("vendors", "remove", name)
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert (home / "acme.toml").exists()


def test_a_broken_rule_is_told_and_stops_nothing(bothways, home, letters):
    (home / "vendors").mkdir(parents=True)
    (home / "vendors" / "bad.toml").write_text('id = "bad"\n"\x1b[2J" = 1\n'.replace("\x1b", "\\u001b"))
    result = bothways("links", stdin=letters.wrapped.encode())
    assert (result.exit_code, letters.target in result.stdout) == (0, True)
    assert result.stderr.startswith("bothways: own rule left out: bad.toml: ")
    assert "\x1b" not in result.stderr
    (row,) = (row for row in listed(bothways) if row["left_out"])
    assert (row["id"], row["own"], row["name"]) == ("bad", True, None)
    assert bothways("vendors", "remove", "bad").exit_code == 0


def test_run_uses_the_rules_of_its_home(start, tmp_path):
    (tmp_path / "vendors").mkdir()
    (tmp_path / "vendors" / "bad.toml").write_text("x")
    tmp_path.chmod(0o700)
    process = start("run", "--home", tmp_path, "--http", "127.0.0.1:0", "--api", "127.0.0.1:0")
    while b"listening api" not in process.stdout.readline():
        assert process.poll() is None
    process.terminate()
    assert b"own rule left out: bad.toml: " in process.communicate(timeout=120)[1]


def test_version_counts_own_rules(bothways, home, rule):
    bothways("vendors", "add", rule)
    assert re.search(r"\(rules of \d{4}-\d\d-\d\d, 1 of your own\)\n", bothways("--version").stdout)


@pytest.mark.parametrize("command", ["list", "check", "add", "remove"])
def test_each_teaches_by_example(bothways, command):
    assert (
        f"bothways vendors {command}" in bothways("vendors", command, "--help").stdout.partition("Example")[2]
    )
