"""How far long work has come: on standard error, and only where a person watches it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from bothways_cli.scanned import Tally
from bothways_cli.words import count


@contextmanager
def progress(tally: Tally) -> Iterator[Callable[[], None]]:
    """Give a function to call after each mail; on a terminal it shows the tally so far.

    Where standard output is a terminal too, the output itself shows the progress.
    """
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda: None
        return
    with Status("", console=Console(stderr=True)) as status:
        yield lambda: status.update(f"{count(tally.messages, 'mail')}, {tally.tracked:,} with trackers")
