"""The vendor files' schema: every file in the catalogue proves its own shapes by its samples.

To add a vendor, write `engine/bothways/vendors/ID.toml` and run this file; what fails says what to do.
"""

from pathlib import Path

import pytest
from bothways.urls.address import parse
from bothways.urls.decoders import check_steps
from bothways.urls.wrappers import read_target
from bothways.vendors import catalogue as catalogue_module
from bothways.vendors.catalogue import Match, default_catalogue
from bothways.vendors.model import Category, Vendor
from bothways.vendors.patterns import pattern

VENDORS = list(default_catalogue().vendors.values())


def every_vendor() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)


def match_open(url: str) -> Match | None:
    address = parse(url)
    assert address, f"no URL: {url}"
    return default_catalogue().match_open(address)


def match_click(url: str) -> Match | None:
    address = parse(url)
    assert address, f"no URL: {url}"
    return default_catalogue().match_click(address)


def named(match: Match | None) -> str | None:
    return match.vendor.id if match else None


def test_every_file_is_in_the_catalogue() -> None:
    files = {path.stem for path in Path(catalogue_module.__file__).parent.glob("*.toml")}
    assert files == set(default_catalogue().vendors)
    assert len(files) >= 10


@every_vendor()
def test_patterns_and_steps_are_valid(vendor: Vendor) -> None:
    for shape in vendor.opens + vendor.clicks:
        assert shape.path.startswith("/"), "a path pattern matches the whole path"
        for text in (shape.path, shape.host, *(value for _, value in shape.query)):
            pattern(text)
        if shape.steps:
            check_steps(shape.steps)


@every_vendor()
def test_positive_samples_are_named(vendor: Vendor) -> None:
    """Named as this vendor and no other."""
    assert not vendor.opens or vendor.samples.opens, "give each open shape a sample"
    assert not vendor.clicks or vendor.samples.clicks, "give each click shape a sample"
    assert {url: named(match_open(url)) for url in vendor.samples.opens} == dict.fromkeys(
        vendor.samples.opens, vendor.id
    )
    clicks = [sample.url for sample in vendor.samples.clicks]
    assert {url: named(match_click(url)) for url in clicks} == dict.fromkeys(clicks, vendor.id)


@every_vendor()
def test_every_shape_has_a_sample(vendor: Vendor) -> None:
    """A shape that no sample of its vendor needs is one that nobody has tried."""
    opens = [match_open(url) for url in vendor.samples.opens]
    clicks = [match_click(sample.url) for sample in vendor.samples.clicks]
    used = {match.shape for match in opens + clicks if match}
    assert used == set(vendor.opens + vendor.clicks)


@every_vendor()
def test_click_samples_lead_to_their_targets(vendor: Vendor) -> None:
    for sample in vendor.samples.clicks:
        match = match_click(sample.url)
        assert match
        target = read_target(match)[0] if match.shape.steps else None
        assert target == sample.target, sample.url


@every_vendor()
def test_negative_samples_are_not_matched(vendor: Vendor) -> None:
    assert vendor.samples.others, "give a lookalike that must not match"
    for url in vendor.samples.others:
        assert (named(match_open(url)), named(match_click(url))) == (None, None), url


@every_vendor()
def test_shapes_do_not_meet_as_open_and_click(vendor: Vendor) -> None:
    if vendor.category is not Category.IMAGE_PROXY:
        assert not [url for url in vendor.samples.opens if match_click(url)]
        assert not [sample.url for sample in vendor.samples.clicks if match_open(sample.url)]
