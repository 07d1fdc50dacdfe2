"""A user's own rules: beside the shipped ones, bounded, proved, and never in the way of a mail."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bothways import clean_message, clean_url
from bothways.judge.findings import Action
from bothways.urls.address import parse
from bothways.urls.decoders import TAKERS, TURNERS
from bothways.vendors.catalogue import (
    default_catalogue,
    own_rules,
    shipped_catalogue,
    shipped_ids,
    use_own_rules,
)
from bothways.vendors.checking import MOST_SHAPES, STEP_ARGUMENTS, find_faults
from bothways.vendors.own import LARGEST_FILE, MOST_FILES, NO_OWN_RULES, parse_own, read_own_rules
from bothways.vendors.proving import find_overlaps, prove

SHIPPED = list(shipped_catalogue().vendors.values())
GOOD = r"""
id = "acme"
name = "Acme"
company = "Acme"
category = "sales"
source = "mail that I get"

[[open]]
hosts = ["t.acme.example"]
path = '/o/[0-9a-f]{16}\.gif'

[[click]]
hosts = ["t.acme.example"]
path = '/c/([\w-]+)'
steps = ["path", "base64"]

[samples]
open = ["https://t.acme.example/o/0123456789abcdef.gif"]
click = [
    { url = "https://t.acme.example/c/aHR0cHM6Ly9zaG9wLmV4YW1wbGUvYQ", target = "https://shop.example/a" },
]
other = ["https://t.acme.example/logo.gif"]
"""
SHIPPED_PIXEL = shipped_catalogue().vendors["yesware"].samples.opens[0]
PIXEL = "https://t.acme.example/o/0123456789abcdef.gif"
MAIL = (
    f'From: a@b.example\nContent-Type: text/html\n\n<p>Hi</p><img src="{PIXEL}" width=1 height=1>\n'.encode()
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for own rules; none is in use afterwards."""
    place = tmp_path / "vendors"
    place.mkdir()
    yield place
    use_own_rules(tmp_path / "none")


@pytest.fixture
def use(folder: Path) -> Callable[[str], list[str]]:
    """Use one own file; gives why it is left out."""

    def write_and_use(text: str) -> list[str]:
        (folder / "acme.toml").write_text(text)
        return [str(error) for error in use_own_rules(folder).left_out]

    return write_and_use


def open_vendor(url: str) -> str | None:
    address = parse(url)
    match = default_catalogue().match_open(address) if address else None
    return match.vendor.id if match else None


def test_an_own_rule_names_a_pixel_and_undoes_a_link(use):
    assert open_vendor(PIXEL) is None
    assert use(GOOD) == []
    (finding,) = clean_message(MAIL).findings
    assert (finding.vendor, finding.action) == ("acme", Action.BLOCKED)
    link = clean_url("https://t.acme.example/c/aHR0cHM6Ly9zaG9wLmV4YW1wbGUvYQ")
    assert (link.url, link.vendor) == ("https://shop.example/a", "acme")


def test_no_folder_is_no_own_rule(tmp_path, use):
    use(GOOD)
    assert use_own_rules(tmp_path / "none") is NO_OWN_RULES
    assert open_vendor(PIXEL) is None
    assert default_catalogue() is shipped_catalogue()


def test_between_equals_the_own_rule_wins(use):
    taken = "https://t.yesware.com/t/logo.gif"
    equal = GOOD.replace("t.acme.example", "t.yesware.com")
    use(equal.replace(r"/o/[0-9a-f]{16}\.gif", r"/t/\w+/\w+/\w+/spacer\.gif"))
    assert open_vendor(SHIPPED_PIXEL) == "acme"
    use(equal.replace(r"/o/[0-9a-f]{16}\.gif", r"/t/.+"))
    assert open_vendor(SHIPPED_PIXEL) == "yesware", "more literal path, more specific"
    assert open_vendor(taken) == "acme"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "acme"', 'id = "hubspot"', "id"),
        (r"'/o/[0-9a-f]{16}\.gif'", r"'o/[0-9a-f]{16}\.gif'", r"open[0].path"),
        (r"[0-9a-f]{16}", r"[0-9a-f", r"open[0].path"),
        (r"[0-9a-f]{16}", r"(?=x)", r"open[0].path"),
        (r"[0-9a-f]{16}", "x" * 600, r"open[0].path"),
        (r"[0-9a-f]{16}", r"\w{1000}", r"open[0].path"),
        ('steps = ["path", "base64"]', 'steps = ["path:2", "base64"]', "click[0].steps"),
        ('steps = ["path", "base64"]', 'steps = ["path:x"]', "click[0].steps"),
        ('steps = ["path", "base64"]', 'steps = ["path", "rot13"]', "click[0].steps"),
        ('steps = ["path", "base64"]', 'steps = ["path", "part:x"]', "click[0].steps"),
        ('steps = ["path", "base64"]', 'steps = ["path", "swap:abc"]', "click[0].steps"),
        (r"path = '/c/([\w-]+)'", "path = '/c/x'", "click[0].steps"),
        ("[samples]", "[samples", "file"),
        ('id = "acme"', 'id = "other"', "id"),
        ('name = "Acme"', "name = " + "[" * 5000, "file"),
        ('name = "Acme"', "name = " + "1" * 5000, "file"),
        ('name = "Acme"', "#" * LARGEST_FILE, "file"),
    ],
)
def test_a_broken_file_is_left_out_and_stops_nothing(use, old, new, key):
    assert old in GOOD
    (why,) = use(GOOD.replace(old, new))
    assert why.startswith(f"acme.toml: {key}")
    cleaned = clean_message(MAIL)
    assert not cleaned.notes
    assert open_vendor(SHIPPED_PIXEL) == "yesware"


def test_what_is_no_regular_text_file_is_left_out(folder):
    (folder / "folder.toml").mkdir()
    (folder / "latin.toml").write_bytes(b'name = "\xe9"')
    (folder / "gone.toml").symlink_to(folder / "nowhere")
    (folder / "acme.toml").write_text(GOOD)
    (folder / "notes.txt").write_text("not a rule")
    own = use_own_rules(folder)
    assert [vendor.id for vendor in own.vendors] == ["acme"]
    assert {error.file for error in own.left_out} == {"folder.toml", "latin.toml", "gone.toml"}


def test_there_are_bounds_on_files_and_shapes(folder, use):
    click = GOOD[GOOD.index("[[click]]") : GOOD.index("[samples]")]
    (why,) = use(GOOD.replace(click, click * MOST_SHAPES))
    assert f"more than {MOST_SHAPES}" in why
    for number in range(MOST_FILES + 1):
        (folder / f"acme{number}.toml").write_text(GOOD.replace('id = "acme"', f'id = "acme{number}"'))
    own = read_own_rules(folder, frozenset())
    assert len(own.vendors) < MOST_FILES
    assert f"all but its first {MOST_FILES}" in str(own.left_out[-1])


def test_any_thread_may_change_the_own_rules(folder, tmp_path):
    """Whoever looks sees the rules before or the rules after; the last change stands."""
    (folder / "acme.toml").write_text(GOOD)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            places = [folder, tmp_path / "none"] * 4
            list(pool.map(use_own_rules, places))
            seen = set(pool.map(open_vendor, [PIXEL] * 16))
            assert len(seen) == 1
    use_own_rules(folder)
    assert (open_vendor(PIXEL), len(own_rules().vendors)) == ("acme", 1)


def test_the_good_file_proves_itself():
    vendor = parse_own("acme.toml", GOOD.encode())
    assert (find_faults(vendor), prove(vendor)) == ([], [])
    assert find_overlaps(vendor, shipped_catalogue()) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("0123456789abcdef", "0123", "samples.open[0]"),
        ('"https://shop.example/a"', '"https://shop.example/b"', "samples.click[0].target"),
        (', target = "https://shop.example/a"', "", "samples.click[0].target"),
        ("logo.gif", "o/fedcba9876543210.gif", "samples.other[0]"),
        ('other = ["https://t.acme.example/logo.gif"]', "", "samples.other"),
        ("/c/aHR0", "/d/aHR0", "samples.click[0]"),
        ('hosts = ["t.acme.example"]\npath = \'/c', 'hosts = ["co.uk"]\npath = \'/c', "click[0].hosts"),
        (r"/c/([\w-]+)", r"/[co]/([\w.-]+)", "samples.open[0]"),
    ],
)
def test_a_sample_that_comes_out_otherwise_is_named(old, new, key):
    vendor = parse_own("acme.toml", GOOD.replace(old, new, 1).encode())
    assert key in [fault.key for fault in prove(vendor)]


def test_a_shape_without_a_sample_is_named():
    more = GOOD.replace("[[click]]", "[[open]]\nhosts = ['b.acme.example']\npath = '/.+'\n\n[[click]]")
    faults = prove(parse_own("acme.toml", more.encode()))
    assert [(fault.key, fault.problem) for fault in faults] == [("open[1]", "no sample proves this shape")]


def overlaps_of(text: str) -> set[tuple[str, str | None]]:
    found = find_overlaps(parse_own("acme.toml", text.encode()), shipped_catalogue())
    return {(overlap.winner, overlap.loser) for overlap in found}


def test_overlaps_say_whose_urls_change_hands():
    yesware = GOOD.replace("t.acme.example", "t.yesware.com")
    greedy = yesware.replace(r"/o/[0-9a-f]{16}\.gif", "/t/.*")
    assert overlaps_of(greedy) == {("acme", None)}, "a lookalike; the pixel itself is yesware's all the same"
    equal = yesware.replace(r"/o/[0-9a-f]{16}\.gif", r"/t/\w+/\w+/\w+/spacer\.gif")
    assert overlaps_of(equal) == {("acme", "yesware")}
    kept = greedy.replace("https://t.yesware.com/o/0123456789abcdef.gif", SHIPPED_PIXEL)
    assert ("yesware", "acme") in overlaps_of(kept)


@pytest.mark.parametrize("vendor", SHIPPED, ids=lambda vendor: vendor.id)
def test_shipped_files_keep_the_same_bounds(vendor):
    assert (find_faults(vendor), prove(vendor)) == ([], [])


def test_every_step_says_what_may_stand_behind_its_colon():
    assert set(STEP_ARGUMENTS) == set(TAKERS) | set(TURNERS)


def test_shipped_ids_need_no_file_to_be_read():
    assert shipped_ids() == set(shipped_catalogue().vendors)
