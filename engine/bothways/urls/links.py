"""One link from what the mail says to what a reader would rather click: wrappers undone, parameters out.

The one function for links in HTML, plain text and calendars and for `bothways links`.
"""

from typing import TYPE_CHECKING, NamedTuple

from bothways.urls.address import Address, parse
from bothways.urls.parameters import Pair, Table, Tells, default_table, goes, join
from bothways.urls.purpose import NOWHERE, Context, is_deed
from bothways.urls.wrappers import Layer, LinkAction, LinkOptions, Undone, undo

if TYPE_CHECKING:
    from bothways.vendors.catalogue import Catalogue


class Removed(NamedTuple):
    """A parameter that was taken out, as it was written; of a piece of the path, `name` is its beginning."""

    name: str
    text: str
    tells: Tells
    company: str | None = None
    vendor: str | None = None


class CleanedLink(NamedTuple):
    """A URL after cleaning: what was done, whose it was, and each layer that was taken off.

    `vendor` and `company` are the outermost wrapper's, else those of the parameter that tells most.
    `target` is where a wrapper that was left leads, where that is known; `why` says why something was left.
    `carrier` is the host of the outermost wrapper.
    """

    url: str
    action: LinkAction
    vendor: str | None = None
    layers: tuple[Layer, ...] = ()
    taken: tuple[Removed, ...] = ()
    company: str | None = None
    target: str | None = None
    why: str = ""
    carrier: str | None = None

    @property
    def removed(self) -> tuple[str, ...]:
        """The names of the parameters that were taken out, each once, in their order."""
        return tuple(dict.fromkeys(removed.name for removed in self.taken))


NEEDED = "functional"
"""Why a link was left that tells on its reader: the page needs it."""

_MOST_FIRST = (Tells.RECIPIENT, Tells.SEND, Tells.VISITOR, Tells.CLICK, Tells.CAMPAIGN)


type Known = dict[str, tuple[Undone, CleanedLink]]
"""What came of undoing the wrappers of a text's links, by their URLs: many stand in it more than once."""


def clean_link(
    url: str,
    catalogue: "Catalogue",
    options: LinkOptions,
    context: Context = NOWHERE,
    known: Known | None = None,
) -> CleanedLink:
    """Undo a link's wrappers and take tracking parameters out of what is left. Never raises.

    `known` is filled and asked, for a text whose links are all cleaned with one catalogue and options.
    """
    if known is None:
        undone, left = _undo(url, catalogue, options)
    elif url in known:
        undone, left = known[url]
    else:
        undone, left = known[url] = _undo(url, catalogue, options)
    if undone.why or undone.address is None:
        return left  # a wrapper that stays is its token: not one parameter of it can go
    stripped = strip(undone.url, undone.address, options, context)
    if stripped is None:
        return left
    if stripped.needed:
        return _leave_whole(left, stripped)
    shorter = parse(stripped.url)
    if shorter is None or catalogue.match_click(shorter):
        return left  # what has a wrapper's shape once it is shorter was one all along
    if undone.vendor:
        return left._replace(url=stripped.url, taken=stripped.taken)
    most = min(stripped.taken, key=lambda removed: _MOST_FIRST.index(removed.tells))
    return CleanedLink(stripped.url, LinkAction.STRIP, most.vendor, (), stripped.taken, most.company)


def _undo(url: str, catalogue: "Catalogue", options: LinkOptions) -> tuple[Undone, CleanedLink]:
    """Undo a link's wrappers, and say what became of it before its target's parameters are looked at."""
    address = parse(url)
    undone = undo(url, catalogue, options, address)
    if undone.vendor is None:
        return undone, CleanedLink(undone.url, undone.action)
    company = catalogue.vendors[undone.vendor].company
    carrier = address.host if address else None
    return undone, CleanedLink(
        undone.url,
        undone.action,
        undone.vendor,
        undone.layers,
        (),
        company,
        undone.target,
        undone.why,
        carrier,
    )


def _leave_whole(left: CleanedLink, stripped: "Stripped") -> CleanedLink:
    """Say that a link needs the parameters that tell on its reader."""
    tells = any(removed.tells is not Tells.CAMPAIGN for removed in stripped.needed)
    action = LinkAction.REPORT_ONLY if tells and left.action is LinkAction.KEEP else left.action
    return left._replace(action=action, why=NEEDED)


class Stripped(NamedTuple):
    """A URL, what was taken out of it, and what would have been if the page did not need it."""

    url: str
    taken: tuple[Removed, ...] = ()
    needed: tuple[Removed, ...] = ()


def strip(url: str, address: Address, options: LinkOptions, context: Context = NOWHERE) -> Stripped | None:
    """Take tracking parameters out of a link; None where it has none."""
    before, mark, fragment = url.partition("#")
    path, question, query = before.partition("?")
    table = default_table()
    staying, going = _part(table.read(address.host, query) if query else [], options)
    path, cut = _cut_segments(table, address.host, path)
    if not going and not cut:
        return None
    taken = (*cut, *going)
    if _must_stay(table, address, staying, context):
        return Stripped(url, (), taken)
    query = join(staying) if going else query
    question = question if query or not going else ""
    return Stripped(f"{path}{question}{query}{mark}{fragment}", taken)


def _part(pairs: list[Pair], options: LinkOptions) -> tuple[list[Pair], list[Removed]]:
    """Part what stays of a query from what goes."""
    staying: list[Pair] = []
    going: list[Removed] = []
    for pair in pairs:
        entry = pair.entry
        if entry is None or not goes(entry, strip_campaign=options.strip_campaign):
            staying.append(pair)
        else:
            family = entry.family
            going.append(Removed(pair.name, pair.text, entry.tells, family.company, family.vendor))
    return staying, going


def _cut_segments(table: Table, host: str, path: str) -> tuple[str, list[Removed]]:
    """Cut the segments that tell where a link was found out of a URL up to its query."""
    known = table.find_segment(host, path)
    if known is None:
        return path, []
    beginning, family = known
    base, segments = path.split("/")[:3], path.split("/")[3:]
    cut = [segment for segment in segments if segment.startswith(beginning)]
    staying = [segment for segment in segments if not segment.startswith(beginning)]
    taken = [Removed(beginning, segment, Tells.CLICK, family.company, family.vendor) for segment in cut]
    return "/".join(base + staying), taken


def _must_stay(table: Table, address: Address, staying: list[Pair], context: Context) -> bool:
    return (
        table.leaves(address.host, address.path)
        or any(pair.entry and pair.entry.tells is Tells.FUNCTIONAL for pair in staying)
        or is_deed(address, [pair.text for pair in staying], context)
    )
