"""How far long work has come: on standard error, and only where a person watches it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

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
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    # Standard output stays what it is: it is the result, and goes to a file or to another program.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task("reading")

        def step() -> None:
            told = f"{count(tally.messages, 'mail')}, {tally.tracked:,} with trackers"
            shown.update(task, description=told)

        yield step
