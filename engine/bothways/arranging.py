"""From proposals to a plan, and back: which changes are made, and what became of each finding."""

from collections.abc import Sequence
from dataclasses import dataclass

from bothways.judge.findings import Action, Finding, WhySeen
from bothways.message.edits import Change


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding with the action that was decided, and the change that carries it out, if any.

    Without a finding it is a precaution: a load that nothing speaks against, stopped by the policy.
    """

    finding: Finding | None
    change: Change | None = None


def arrange(proposals: Sequence[Proposal]) -> tuple[list[Change], list[int | None]]:
    """Sort the changes, leave out those within another, and tell each proposal which one carries it out."""
    wanted = [(proposal.change, index) for index, proposal in enumerate(proposals) if proposal.change]
    wanted.sort(key=lambda row: (row[0].start, -row[0].end))
    changes: list[Change] = []
    carried: list[int | None] = [None] * len(proposals)
    for change, index in wanted:
        if not changes or change.end > changes[-1].end:
            changes.append(change)
        carried[index] = len(changes) - 1
    return changes, carried


def settle(
    proposals: Sequence[Proposal], carried: Sequence[int | None], chosen: Sequence[str | None]
) -> tuple[list[Finding], int]:
    """Say of each finding what became of it, and count the precautions; what found no room is seen."""
    findings = []
    precautions = 0
    for proposal, index in zip(proposals, carried, strict=True):
        done = index is None or chosen[index] is not None
        if proposal.finding is not None:
            findings.append(proposal.finding if done else _no_room(proposal.finding))
        elif done:
            precautions += 1
    return findings, precautions


def _no_room(finding: Finding) -> Finding:
    if finding.action is Action.SEEN:
        return finding
    return finding.decided(Action.SEEN, WhySeen.NO_ROOM)
