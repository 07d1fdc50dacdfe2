"""`bothways vendors`: the mail tools that are known by name, and rules of one's own."""

import json
import os
import tempfile
from pathlib import Path

import click
from bothways.vendors.catalogue import shipped_ids

from bothways_cli.errors import Exit, WrongUse, complain
from bothways_cli.home import find_home, home_option, make_home
from bothways_cli.rule_check import Checked, check_rule
from bothways_cli.rules import rules_folder, use_own_rules
from bothways_cli.vendor_rows import holds, list_rows, write_table
from bothways_cli.words import count, printable


@click.group(
    epilog="""\b
Examples:
  bothways vendors list
  bothways vendors list sales
  bothways vendors check acme.toml
  bothways vendors add acme.toml
  bothways vendors remove acme

\b
A rule of your own is a TOML file like the shipped ones in engine/bothways/vendors:
who the vendor is, the shapes of its URLs, and samples that prove them. It is kept
in the folder vendors of the home folder, and counts in scan, clean, links and run.
The more specific of two rules names a URL; between equals, your own does.
"""
)
def vendors() -> None:
    """Show the mail tools that are known by name, and add your own rules."""


@vendors.command(
    name="list",
    epilog="""\b
Examples:
  bothways vendors list
  bothways vendors list --format ndjson | jq -r 'select(.own).id'

\b
ndjson: one object a vendor: id, name, company, category, opens and clicks (how
many shapes), decodable (yes, partly, no: whether a click link tells its target),
own, left_out (why a file of yours is not used; its other fields are null).
""",
)
@click.argument("word", default="")
@click.option("--format", "form", type=click.Choice(["text", "ndjson"]), default="text", show_default=True)
@home_option
def list_vendors(word: str, form: str, home: Path | None) -> None:
    """List the known vendors; with WORD, those whose id, name, company or category holds it."""
    use_own_rules(home)
    rows = [row for row in list_rows() if holds(row, word.lower())]
    if form == "ndjson":
        for row in rows:
            click.echo(json.dumps(row))
        return
    for line in write_table([row for row in rows if not row["left_out"]]):
        click.echo(line)
    if not rows:
        click.echo(f"No vendor's entry holds {word!r}.", err=True)


@vendors.command(
    epilog="""\b
Example:
  bothways vendors check acme.toml

\b
Exit codes: 0 every file is good; 2 one is not; 3 one could not be read.
What a rule would take over from others is told, and is no fault.
"""
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check vendor files: schema, bounds, and that the samples come out as they say. Changes nothing."""
    worst = Exit.DONE
    for path in files:
        try:
            checked = check_rule(path)
        except OSError as error:
            complain(str(path), error.strerror or str(error))
            worst = Exit.UNREADABLE
            continue
        for line in _told(checked):
            click.echo(line)
        if not checked.good:
            worst = max(worst, Exit.WRONG_USE)
    raise SystemExit(worst)


@vendors.command(
    epilog="""\b
Example:
  bothways vendors add acme.toml
The way back: bothways vendors remove acme
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace your own rule of the same id.")
@home_option
def add(file: Path, home: Path | None, *, replace: bool) -> None:
    """Check a vendor file and keep a copy of it as one of your own rules.

    A shipped vendor's id is refused; so is that of a rule of yours, unless --replace is given.
    """
    try:
        checked = check_rule(file)
    except OSError as error:
        complain(str(file), error.strerror or str(error))
        raise SystemExit(Exit.UNREADABLE) from None
    if checked.vendor is None or not checked.good:
        raise WrongUse("not added\n" + "\n".join(_told(checked)))
    name = checked.vendor.id
    if name in shipped_ids():
        raise WrongUse(f"{name} is the id of a shipped vendor: choose another, and name the file after it")
    make_home(find_home(home))
    place = rules_folder(home) / f"{name}.toml"
    known = place.exists()
    if known and not replace:
        raise WrongUse(f"you have a rule {name} already: bothways vendors add --replace {file}")
    _write(place, checked.octets)
    for line in _told(checked)[1:]:
        click.echo(line)
    click.echo(f"{'replaced' if known else 'added as'} {place}")
    click.echo("A Bothways that runs uses it once it is started again.")
    click.echo(f"The way back: bothways vendors remove {name}")


@vendors.command(
    epilog="""\b
Example:
  bothways vendors remove acme
"""
)
@click.argument("name", metavar="ID")
@home_option
def remove(name: str, home: Path | None) -> None:
    """Delete one of your own rules; shipped vendors stay."""
    folder = rules_folder(home)
    # Looked up among the names that are there: no ID leads out of the folder.
    own = {path.stem: path for path in folder.glob("*.toml")} if folder.is_dir() else {}
    if name not in own:
        shipped = name in shipped_ids()
        raise WrongUse(f"{name} is shipped, it stays" if shipped else f"you have no rule of the id {name}")
    try:
        own[name].unlink()
    except OSError as error:
        raise WrongUse(f"cannot delete {own[name]}: {error.strerror}") from error
    click.echo(f"removed {own[name]}\nA Bothways that runs uses it until it is started again.")


def _told(checked: Checked) -> list[str]:
    """Say what a check found, the verdict first."""
    name = str(checked.path)
    if not checked.good:
        lines = [f"{name}: {fault.key}: {fault.problem}" for fault in checked.faults]
    else:
        vendor = checked.vendor
        assert vendor
        shapes = f"{count(len(vendor.opens), 'open shape')}, {count(len(vendor.clicks), 'click shape')}"
        lines = [f"{name}: good ({shapes})"]
    for overlap in checked.overlaps:
        lines.append(f"{name}: {_overlap_told(checked, overlap.winner, overlap.loser)}: {overlap.url}")
    return [printable(line) for line in lines]


def _overlap_told(checked: Checked, winner: str, loser: str | None) -> str:
    """Say what an overlap means to the one who adds the rule."""
    if checked.vendor and winner != checked.vendor.id:
        return f"{winner} keeps this one, by a more specific rule"
    return f"takes over from {loser}" if loser else "takes what the catalogue holds for no tracker"


def _write(place: Path, octets: bytes) -> None:
    """Put a file there whole or not at all, for its owner alone."""
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=place.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(octets)
            Path(written).replace(place)
        except OSError:
            Path(written).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WrongUse(f"cannot write {place}: {error.strerror}") from error
