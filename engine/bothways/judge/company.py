"""What else a text loads from a host: pictures that are seen, or nothing but what is asked for once."""

from typing import TYPE_CHECKING

from bothways.judge.appearance import look

if TYPE_CHECKING:
    from bothways.markup.references import Reference


class Company:
    """The loads of one text by their hosts; sorted when first asked for, which few texts need."""

    def __init__(self, references: "tuple[Reference, ...]") -> None:
        self._references = references
        self._by_host: dict[str, list[Reference]] = {}
        self._shown: dict[str, bool] = {}

    def lacks(self, url: str) -> bool:
        """Say whether the text loads a URL but once, and nothing that is seen from the URL's host."""
        if not self._by_host:
            for reference in self._references:
                self._by_host.setdefault(_host(reference.url), []).append(reference)
        host = _host(url)
        if host not in self._shown:
            loads = self._by_host.get(host, [])
            urls = [reference.url for reference in loads]
            self._shown[host] = len(set(urls)) < len(urls) or any(
                reference.tag is not None and look(reference.tag).visible for reference in loads
            )
        return not self._shown[host]


def _host(url: str) -> str:
    """Cut the host out of a URL; what has none, or writes it oddly, is in company with its like."""
    return url.partition("//")[2].partition("/")[0].lower()
