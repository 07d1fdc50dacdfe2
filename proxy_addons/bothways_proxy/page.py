"""What a webmail's page holds: where the mail stands in it, and whose it is. No page is rebuilt, only cut."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """The mail that a page shows, as far as the page says it; "" where it does not."""

    mailbox: str = ""
    identifier: str = ""
    user: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The regions (start, end in characters) that hold a sender's text; in `own` ones nothing is changed."""

    regions: tuple[tuple[int, int], ...]
    shown: Shown
    own: bool = False


type Reader = Callable[[str], Page | None]
"""Knows one webmail: a page with a mail to clean in it, else None."""
