"""What is passed over or read in one go says the same as what is read piece by piece."""

from bothways.markup.rawtext import SCRIPTED_RAW_TEXT
from bothways.markup.references import Found, find
from bothways.markup.slots import ELEMENTS, PLAIN_ELEMENTS
from hypothesis import given, settings
from hypothesis import strategies as st

_NAMES = ("a", "area", "img", "td", "table", "span", "body")
_ATTRIBUTES = (
    *('href="u"', "href='v'", "href=w", 'src="s"', "src='t'", 'src="a&amp;b"', 'HREF="x"', "href", 'href=""'),
    *('srcset="c 1x, d 2x"', 'ping="p q"', 'background="b"', "background=c", 'xlink:href="y"', 'z:href="z"'),
    *('style="color:red"', 'style="background:url(k)"', "style='background:u\\72l(l)'", "style=color:rgb(1)"),
    *('style="background&colon;url&lpar;m)"', "style=\"@import 'n'\"", 'class="a b"', "width=1", "alt", "/"),
    *('title="a > b"', "title='&quot;'", 'href = "o"', 'class="c"href="r"', '"', "=", "data-x-y='1'"),
)
_tags = st.builds(
    lambda name, attributes, end: f"<{' '.join((name, *attributes))}{end}",
    st.sampled_from(_NAMES),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=5),
    st.sampled_from((">", " >", "/>", " />", "\n>", "")),
)


def _seen(found: Found) -> list[tuple[str, str, str, int, int]]:
    both = (*found.references, *found.links)
    return [(each.url, each.element, each.attribute, each.start, each.end) for each in both]


@settings(max_examples=500, deadline=None)
@given(st.lists(_tags, max_size=4))
def test_a_name_in_capitals_takes_no_shortcut_and_finds_the_same(tags: list[str]) -> None:
    shouted = [tag.replace(tag.split()[0], tag.split()[0].upper(), 1) for tag in tags]
    assert _seen(find("text ".join(tags))) == _seen(find("text ".join(shouted)))


def test_plain_elements_have_no_rows_and_hold_markup() -> None:
    assert not set(PLAIN_ELEMENTS) & (ELEMENTS.keys() | SCRIPTED_RAW_TEXT | {"template", "svg", "math"})
