"""`bothways clean`: a copy of mails with the trackers taken out, and the edits that lead back."""

from pathlib import Path

import click
from bothways.clean import clean_message
from bothways.judge.findings import Action

from bothways_cli.edits_file import EditsWriter, record_of
from bothways_cli.errors import Exit, complain
from bothways_cli.progress import progress
from bothways_cli.rewriting import fresh, refuse_existing, refuse_nested, rewrite
from bothways_cli.rules import use_own_rules
from bothways_cli.scanned import Tally
from bothways_cli.settled import policy_option, recipient_option, use_settings
from bothways_cli.words import count


def edits_beside(path: Path) -> Path:
    """Return the default place of a cleaned copy's edits: beside it, with `.edits.jsonl` after its name."""
    return path.with_name(path.name + ".edits.jsonl")


@click.command(
    epilog="""\b
Examples:
  bothways clean offer.eml -o offer.clean.eml
  bothways clean ~/Mail/archive.mbox -o ~/Mail/archive-clean.mbox
  bothways clean ~/Maildir -o ~/Maildir-clean --keep-length
  bothways restore offer.clean.eml -o offer.eml

\b
The edits file (JSON lines) holds what was taken out of every mail, by octets,
with the SHA-256 of both sides. Keep it: it is the only way back.
A mail server may know the size of each mail of a Maildir: clean such a one
with --keep-length.
"""
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", required=True, type=click.Path(path_type=Path), metavar="OUT")
@click.option("--keep-length", is_flag=True, help="Keep the size and the lines of every mail.")
@click.option(
    "--edits", type=click.Path(path_type=Path), metavar="FILE", help="The way back. Default: OUT.edits.jsonl."
)
@policy_option
@recipient_option
def clean(
    path: Path,
    out: Path,
    *,
    keep_length: bool,
    edits: Path | None,
    policy: str | None,
    recipient: tuple[str, ...],
) -> None:
    """Write a copy of PATH to OUT with the trackers taken out.

    A mail or an mbox gives a file, a folder gives a folder with the same files in it. The source is never
    changed, and nothing that exists is overwritten. Every octet that is not part of a tracker stays.
    """
    use_own_rules()
    settings = use_settings(policy=policy, recipients=recipient)
    wanted = settings.to_policy()
    edits = edits or edits_beside(out)
    out, tally = out.absolute(), Tally()
    refuse_nested(path, out)
    refuse_existing(out)
    # The edits come to stand first: a cleaned copy never exists without its way back.
    with fresh(out) as place, fresh(edits.absolute()) as edits_place, progress(tally) as step:
        with edits_place.open("xb") as stream:
            edits_place.chmod(0o600)
            writer = EditsWriter(stream)

            def change(name: str, raw: bytes) -> bytes:
                recipients = settings.recipients_of(raw)
                cleaned = clean_message(raw, recipients=recipients, policy=wanted, keep_length=keep_length)
                writer.add(record_of(name, raw, cleaned.raw, cleaned.edits))
                tally.add(cleaned.findings, cleaned.notes)
                step()
                return cleaned.raw

            for failed in rewrite(path, place, change):
                tally.unreadable += 1
                complain(failed.source, failed.reason)
        if not place.exists():
            raise SystemExit(Exit.UNREADABLE)
    click.echo(f"{count(tally.messages, 'mail')}: {told(tally)}\nwritten to {out}, the way back to {edits}")
    if tally.unreadable:
        raise SystemExit(Exit.UNREADABLE)


def told(tally: Tally) -> str:
    """Say what was done, by action."""
    done = tally.actions
    blocked, cleaned = count(done[Action.BLOCKED], "load"), count(done[Action.CLEANED], "link")
    text = f"{blocked} blocked, {cleaned} cleaned, {done[Action.SEEN]:,} seen"
    if signed := tally.notes["dkim"]:
        text += f"\n{count(signed, 'DKIM signature')} no longer fit: filter spam before cleaning"
    return text
