"""Words are found at every place in the text's order, however it is cut into pieces."""

import re

import pytest
from bothways.markup import words
from bothways.markup.words import Words

TEXT = b"display:none; clip; <p>opacity:0 displayclip clip</p> opacitdisplay"


def test_every_place_is_given_with_its_word() -> None:
    looked_for = (b"display", b"opacity", b"clip")
    expected = [
        (looked_for.index(found[0]), found.start()) for found in re.finditer(b"|".join(looked_for), TEXT)
    ]
    assert list(Words(*looked_for).find(TEXT, len(TEXT))) == expected
    assert len(expected) == 7


@pytest.mark.parametrize("length", range(1, 20))
def test_pieces_of_any_length_change_nothing(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    looked_for = Words(b"display", b"opacity", b"clip")
    whole = list(looked_for.find(TEXT, len(TEXT)))
    monkeypatch.setattr(words, "_PIECE", length)
    assert list(looked_for.find(TEXT, len(TEXT))) == whole


def test_a_word_that_reaches_over_the_end_is_none() -> None:
    looked_for = Words(b"<style", b"</style")
    assert list(looked_for.find(b"<style></style>", 13)) == [(0, 0)]
    assert list(looked_for.find(b"<style></style>", 14)) == [(0, 0), (1, 7)]
    assert not list(looked_for.find(b"", 0))
