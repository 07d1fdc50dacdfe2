"""`bothways restore`: cleaned mails back to what they were, octet for octet."""

from contextlib import closing
from pathlib import Path

import click

from bothways_cli.clean import edits_beside
from bothways_cli.edits_file import EditsReader, NotRestorable
from bothways_cli.errors import Exit, WrongUse, complain
from bothways_cli.rewriting import UnreadableError, fresh, refuse_existing, refuse_nested, rewrite
from bothways_cli.sources import is_mbox
from bothways_cli.words import count


@click.command(
    epilog="""\b
Examples:
  bothways restore offer.clean.eml -o offer.eml
  bothways restore ~/Maildir-clean -o ~/Maildir-back --edits ~/Maildir-clean.edits.jsonl

\b
A mail is known by its octets, not by its name: it may have been renamed or
moved meanwhile. In a folder or an mbox, a mail that cannot be restored is
named on standard error and stays as it is (exit code 3).
"""
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", required=True, type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--edits",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `clean` wrote. Default: PATH.edits.jsonl.",
)
def restore(path: Path, out: Path, *, edits: Path | None) -> None:
    """Write the originals of the cleaned mails in PATH to OUT.

    Both sides are checked by their SHA-256: a mail that was changed since it was cleaned is refused.
    """
    out = out.absolute()
    refuse_nested(path, out)
    refuse_existing(out)
    restored, refused = 0, 0
    reader = _open_edits(edits or edits_beside(path))
    alone = path.is_file() and not is_mbox(path)

    def change(name: str, cleaned: bytes) -> bytes:
        nonlocal restored, refused
        try:
            original = reader.restore(name, cleaned)
        except NotRestorable as error:
            if alone:
                raise UnreadableError(str(error)) from error
            refused += 1
            complain(str(path / name if path.is_dir() else path.with_name(name)), str(error))
            return cleaned
        restored += 1
        return original

    with closing(reader), fresh(out) as place:
        for failed in rewrite(path, place, change):
            refused += 1
            complain(failed.source, failed.reason)
        if not place.exists():
            raise SystemExit(Exit.UNREADABLE)
    click.echo(f"{count(restored, 'mail')} restored to {out}")
    if refused:
        raise SystemExit(Exit.UNREADABLE)


def _open_edits(edits: Path) -> EditsReader:
    try:
        return EditsReader.open(edits)
    except OSError as error:
        raise WrongUse(f"cannot read the edits file {edits}: {error.strerror}") from error
    except NotRestorable as error:
        raise WrongUse(f"{edits}: {error}") from error
