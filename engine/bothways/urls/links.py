"""One link from what the mail says to what a reader would rather click: wrappers undone, parameters out.

The one function for links in HTML, plain text and calendars and for `bothways links`.
"""

from typing import TYPE_CHECKING, NamedTuple

from bothways.urls.address import Address, parse
from bothways.urls.parameters import Pair, Table, Tells, default_table, goes, join
from bothways.urls.purpose import NOWHERE, Context, Loses, is_deed
from bothways.urls.wrappers import OPAQUE, Layer, LinkAction, LinkOptions, peel

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


class ReadLink(NamedTuple):
    """What is to be said of a link wherever it stands.

    `left` is what its wrappers came to, `telling` what could be taken out of that, None where nothing could.
    """

    left: CleanedLink
    telling: "Telling | None" = None


type Known = dict[str, ReadLink | None]
"""The links of a text as they were read, by their URLs: many stand in it more than once."""


def clean_link(
    url: str, catalogue: "Catalogue", options: LinkOptions, context: Context = NOWHERE
) -> CleanedLink:
    """Undo a link's wrappers and take tracking parameters out of what is left. Never raises."""
    read = read_link(url, catalogue, options)
    if read is None:
        return CleanedLink(url, LinkAction.KEEP)
    return read.left if read.telling is None else take_out(read.left, read.telling, catalogue, context)


def read_link(url: str, catalogue: "Catalogue", options: LinkOptions) -> ReadLink | None:
    """Undo a link's wrappers, and look for tracking parameters in what is left; None where it has neither."""
    address = parse(url)
    if address is None:
        return None
    match = catalogue.match_click(address)
    if match is None:
        telling = find_telling(url, address, options)
        return None if telling is None else ReadLink(CleanedLink(url, LinkAction.KEEP), telling)
    company = match.vendor.company
    if not match.shape.steps:  # as most, and there is nothing to peel
        opaque = LinkAction.KEEP_OPAQUE
        left = CleanedLink(url, opaque, match.vendor.id, (), (), company, None, OPAQUE, address.host)
        return ReadLink(left)
    undone = peel(match, url, catalogue, options)
    telling = None
    if undone.address is not None and not undone.why:  # a wrapper that stays is its token, all of it
        telling = find_telling(undone.url, undone.address, options)
    left = CleanedLink(
        undone.url,
        undone.action,
        undone.vendor,
        undone.layers,
        (),
        company,
        undone.target,
        undone.why,
        address.host,
    )
    return ReadLink(left, telling)


class Telling(NamedTuple):
    """A URL in pieces: what tells on its reader, and what is left without it."""

    url: str
    address: Address
    taken: tuple[Removed, ...]
    staying: list[Pair]
    doubtful: bool = False
    """Whether what tells on the reader could be what the page is asked for."""


def find_telling(url: str, address: Address, options: LinkOptions) -> Telling | None:
    """Find the tracking parameters of a link; None where it has none."""
    table = default_table()
    if not table.may_tell(url, address):
        return None
    before, mark, fragment = url.partition("#")
    path, question, query = before.partition("?")
    staying, going, lone = _part(table.read(address.host, query) if query else [], options)
    path, cut = _cut_segments(table, address.host, path)
    if not going and not cut:
        return None
    query = join(staying) if going else query
    question = question if query or not going else ""
    doubtful = lone > 0 and (bool(staying) or lone == len(going))
    return Telling(f"{path}{question}{query}{mark}{fragment}", address, (*cut, *going), staying, doubtful)


def take_out(
    left: CleanedLink, telling: Telling, catalogue: "Catalogue", context: Context = NOWHERE
) -> CleanedLink:
    """Take out of a link what tells on its reader, unless the page needs it."""
    if _must_stay(telling, context):
        return _leave_whole(left, telling.taken)
    shorter = parse(telling.url)
    if shorter is None or catalogue.match_click(shorter):
        return left  # what has a wrapper's shape once it is shorter was one all along
    if left.vendor:
        return left._replace(url=telling.url, taken=telling.taken)
    most = min(telling.taken, key=lambda removed: _MOST_FIRST.index(removed.tells))
    return CleanedLink(telling.url, LinkAction.STRIP, most.vendor, (), telling.taken, most.company)


def _must_stay(telling: Telling, context: Context) -> bool:
    address, staying = telling.address, telling.staying
    return (
        telling.doubtful
        or default_table().leaves(address.host, address.path)
        or any(pair.entry and pair.entry.tells is Tells.FUNCTIONAL for pair in staying)
        or is_deed(address, [pair.text for pair in staying], context, _weigh_loss(telling.taken))
    )


def _weigh_loss(taken: tuple[Removed, ...]) -> Loses:
    """Say what of the reader the page would not know any more."""
    loses = Loses.NOTHING
    for removed in taken:
        if removed.tells is Tells.RECIPIENT:
            in_clear = "@" in removed.text or "%40" in removed.text
            loses = max(loses, Loses.ADDRESS if in_clear else Loses.ID)
    return loses


def _leave_whole(left: CleanedLink, needed: tuple[Removed, ...]) -> CleanedLink:
    """Say that a link needs the parameters that tell on its reader."""
    tells = any(removed.tells is not Tells.CAMPAIGN for removed in needed)
    action = LinkAction.REPORT_ONLY if tells and left.action is LinkAction.KEEP else left.action
    return left._replace(action=action, why=NEEDED)


def _part(pairs: list[Pair], options: LinkOptions) -> tuple[list[Pair], list[Removed], int]:
    """Part what stays of a query from what goes, and count what goes only among other marks of a mailing."""
    staying: list[Pair] = []
    going: list[Removed] = []
    lone = 0
    for pair in pairs:
        entry = pair.entry
        if entry is None or not goes(entry, strip_campaign=options.strip_campaign):
            staying.append(pair)
        else:
            family = entry.family
            going.append(Removed(pair.name, pair.text, entry.tells, family.company, family.vendor))
            lone += entry.lone
    return staying, going, lone


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
