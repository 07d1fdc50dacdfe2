"""From a vendor's TOML file to a `Vendor`: every key is checked, and an error names file and key."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from bothways.vendors.index import literal_segments
from bothways.vendors.model import Category, ClickSample, Learns, Samples, Shape, Vendor

ANY_HOST = "any"

_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_VENDOR_KEYS = {
    "id",
    "name",
    "company",
    "category",
    "tracks_by_default",
    "learns",
    "source",
    "open",
    "click",
    "samples",
}
_SHAPE_KEYS = {"hosts", "host", "path", "query", "whole_query", "steps", "identifies", "content"}
_SAMPLE_KEYS = {"open", "click", "other"}


class CatalogueError(ValueError):
    """A vendor file that does not follow the schema."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")
        self.file = file
        self.key = key
        self.problem = problem


class _Table:
    """A TOML table that knows where it stands, so that its errors can say so."""

    def __init__(self, file: str, place: str, values: object, allowed: set[str]) -> None:
        self._file = file
        self._place = place
        if not isinstance(values, dict):
            raise CatalogueError(file, place or "file", "must be a table")
        self._values: dict[str, Any] = values
        for key in values.keys() - allowed:
            raise self.error(key, "unknown key")

    def error(self, key: str, problem: str) -> CatalogueError:
        return CatalogueError(self._file, f"{self._place}.{key}" if self._place else key, problem)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.error(key, "must be a text")
        return value

    def flag(self, key: str) -> bool | None:
        value = self._values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, "must be a list of texts")
        return tuple(value)

    def words[Word: StrEnum](self, key: str, words: type[Word], values: tuple[str, ...]) -> tuple[Word, ...]:
        try:
            return tuple(words(value) for value in values)
        except ValueError as error:
            raise self.error(key, f"{error}; known are {', '.join(words)}") from None

    def tables(self, key: str) -> list[Any]:
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, "must be a list of tables")
        return value

    def get(self, key: str) -> object:
        return self._values.get(key, {})


def read_vendor(path: Path) -> Vendor:
    """Read a vendor's file; CatalogueError where it does not follow the schema."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(path.name, "file", str(error)) from None
    vendor = read_table(path.name, values)
    if vendor.id != path.stem:
        raise CatalogueError(path.name, "id", f"must be the file's name, {path.stem}")
    return vendor


def read_table(file: str, values: Mapping[str, object]) -> Vendor:
    """Check a parsed file and make a vendor of it."""
    table = _Table(file, "", values, _VENDOR_KEYS)
    if not _ID.fullmatch(table.text("id")):
        raise table.error("id", "must be lower-case words joined by _")
    opens = tuple(_read_shape(file, f"open[{n}]", shape) for n, shape in enumerate(table.tables("open")))
    clicks = tuple(_read_shape(file, f"click[{n}]", shape) for n, shape in enumerate(table.tables("click")))
    if not opens and not clicks:
        raise table.error("open", "a vendor needs at least one open or click shape")
    return Vendor(
        id=table.text("id"),
        name=table.text("name"),
        company=table.text("company"),
        category=table.words("category", Category, (table.text("category"),))[0],
        tracks_by_default=table.flag("tracks_by_default"),
        learns=table.words("learns", Learns, table.texts("learns")),
        source=table.text("source"),
        opens=opens,
        clicks=clicks,
        samples=_read_samples(file, table.get("samples")),
    )


def _read_shape(file: str, place: str, values: object) -> Shape:
    table = _Table(file, place, values, _SHAPE_KEYS)
    hosts = table.texts("hosts")
    anywhere = ANY_HOST in hosts
    for host in hosts:
        if host != ANY_HOST and not _HOST.fullmatch(host):
            raise table.error("hosts", f"{host!r} is neither a lower-case domain nor {ANY_HOST!r}")
    if not hosts:
        raise table.error("hosts", f"name the domains, or {ANY_HOST!r}")
    path = table.text("path")
    if anywhere and "(?i" in path:
        raise table.error("path", "for any host it must match case, its literal segments are the index")
    query = _read_query(table)
    if anywhere and not literal_segments(path) and not query:
        raise table.error("path", "for any host it needs a literal segment, or the shape a parameter")
    return Shape(
        hosts=tuple(host for host in hosts if host != ANY_HOST),
        anywhere=anywhere,
        host=table.text("host", ""),
        path=path,
        query=query,
        whole_query=table.text("whole_query", ""),
        steps=table.texts("steps"),
        identifies=table.text("identifies", ""),
        content=table.flag("content") or False,
    )


def _read_query(table: _Table) -> tuple[tuple[str, str], ...]:
    query = table.get("query")
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise table.error("query", "must be a table from parameter to pattern")
    return tuple(query.items())


def _read_samples(file: str, values: object) -> Samples:
    table = _Table(file, "samples", values, _SAMPLE_KEYS)
    clicks = []
    for n, value in enumerate(table.tables("click")):
        click = _Table(file, f"samples.click[{n}]", value, {"url", "target"})
        clicks.append(ClickSample(click.text("url"), click.text("target", "") or None))
    return Samples(opens=table.texts("open"), clicks=tuple(clicks), others=table.texts("other"))
