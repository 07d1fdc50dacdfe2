"""A vendor file that does not follow the schema is refused with the file's and the key's name."""

from pathlib import Path

import pytest
from bothways.vendors.model import Category, Learns
from bothways.vendors.reading import CatalogueError, read_vendor

GOOD = """
id = "acme"
name = "Acme"
company = "Acme Inc."
category = "sales"
tracks_by_default = true
learns = ["open", "time"]
source = "seen in real mail"

[[open]]
hosts = ["acme.example", "any"]
path = '/o/\\w{20,}'
query = { t = '\\d+' }

[[click]]
hosts = ["acme.example"]
path = '/c'
query = { u = '.+' }
steps = ["query:u"]

[samples]
open = ["https://acme.example/o/1"]
click = [
    { url = "https://acme.example/c?u=1", target = "https://example.com" },
    { url = "https://acme.example/d" },
]
other = ["https://acme.example/logo.png"]
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "acme.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file(tmp_path: Path) -> None:
    vendor = read_vendor(write(tmp_path, GOOD))
    assert (vendor.id, vendor.company, vendor.category) == ("acme", "Acme Inc.", Category.SALES)
    assert vendor.tracks_by_default is True
    assert vendor.learns == (Learns.OPEN, Learns.TIME)
    assert (vendor.opens[0].hosts, vendor.opens[0].anywhere) == (("acme.example",), True)
    assert vendor.opens[0].query == (("t", r"\d+"),)
    assert (vendor.clicks[0].steps, vendor.clicks[0].anywhere) == (("query:u",), False)
    assert [sample.target for sample in vendor.samples.clicks] == ["https://example.com", None]


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    vendor = read_vendor(write(tmp_path, GOOD.replace("tracks_by_default = true\n", "")))
    assert vendor.tracks_by_default is None


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "acme"', 'id = "Acme"', "id"),
        ('id = "acme"', 'id = "other"', "id"),
        ('name = "Acme"', "", "name"),
        ('category = "sales"', 'category = "spam"', "category"),
        ('"time"]', '"mood"]', "learns"),
        ("tracks_by_default = true", 'tracks_by_default = "yes"', "tracks_by_default"),
        ('source = "seen in real mail"', 'source = ""', "source"),
        ('source = "seen', 'colour = "red"\nsource = "seen', "colour"),
        ('hosts = ["acme.example", "any"]', "hosts = []", r"open\[0\].hosts"),
        ('hosts = ["acme.example", "any"]', 'hosts = ["https://acme.example/"]', r"open\[0\].hosts"),
        (r"path = '/o/\w{20,}'", r"path = '(?i)/o/\w{20,}'", r"open\[0\].path"),
        (r"query = { t = '\d+' }", "query = { t = 1 }", r"open\[0\].query"),
        ('steps = ["query:u"]', 'steps = "query:u"', r"click\[0\].steps"),
        ('target = "https://example.com"', 'goal = "x"', r"samples.click\[0\].goal"),
        ("[[open]]", "[[opens]]", "opens"),
        ("[[open]]", "[[open]", "file"),
    ],
)
def test_an_error_names_file_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueError, match=f"^acme.toml: {key}: "):
        read_vendor(write(tmp_path, GOOD.replace(old, new)))


def test_a_shape_for_any_host_needs_something_to_be_found_by(tmp_path: Path) -> None:
    text = GOOD.replace(r"path = '/o/\w{20,}'", r"path = '/\w{20,}'").replace(r"query = { t = '\d+' }", "")
    with pytest.raises(CatalogueError, match="literal segment"):
        read_vendor(write(tmp_path, text))


def test_a_vendor_without_a_shape_is_none(tmp_path: Path) -> None:
    head = GOOD.partition("[[open]]")[0]
    with pytest.raises(CatalogueError, match="at least one open or click shape"):
        read_vendor(write(tmp_path, head))
