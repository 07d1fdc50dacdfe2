"""Random FETCHes: whatever a client asks for, and however, it gets cuts of one and the same cleaned mail.

Each batch of commands goes to the server itself and through Bothways, while another session takes mails away
and brings new ones. 500 commands; with `--long` 10,000.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from testbed.bothways import Bothways
from testbed.comparing import Comparison, Session
from testbed.dovecot import Account
from testbed.fetches import Chance, Fetch
from testbed.imap_wire import Wire, wired
from testbed.letters import Letter, shown_texts
from testbed.varied import large_letters, varied_letters

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3600)]

SEED = 20261122


@dataclass(slots=True)
class Mailbox:
    """What another session does to the mailbox; `letters` are the mails that may come, `reader` goes through
    Bothways and fetches whole mails."""

    other: Wire
    reader: Wire
    letters: list[Letter]
    comparison: Comparison
    arrived: list[int] = field(default_factory=list)
    present: dict[int, Letter] = field(default_factory=dict)

    def bring(self, letter: Letter) -> None:
        uid = self.other.append("INBOX", letter.raw)
        self.comparison.add(uid, letter.raw)
        self.present[uid] = letter
        self.arrived.append(uid)

    def take_away(self, uid: int) -> None:
        self.other.ask(f"UID STORE {uid} +FLAGS (\\Deleted)")
        self.other.ask(f"UID EXPUNGE {uid}")

    def settle(self, uid: int) -> None:
        """Fetch the whole mail through Bothways and hold against it all that was told of it."""
        self.reader.ask("NOOP")  # or it would not hear of new mail
        answers = (each for each in self.reader.ask(f"UID FETCH {uid} BODY.PEEK[]") if len(each.pieces) > 1)
        (response,) = answers
        cleaned = response.items()["BODY[]"].octets
        letter = self.present.pop(uid)
        self.comparison.settle(uid, cleaned)
        self.comparison.mismatches += [
            f"{letter.name}: {text} is still there" for text in letter.gone if text in shown_texts(cleaned)
        ]


@pytest.fixture
def mailbox(account: Account, reading: Bothways, long: bool) -> Iterator[Mailbox]:
    with wired(account) as other, wired(account, reading.ports["imap"]) as reader:
        letters = [*varied_letters("random"), *(large_letters("random") if long else ())]
        mailbox = Mailbox(other, reader, letters, Comparison())
        for letter in mailbox.letters:
            mailbox.bring(letter)
        other.ask("SELECT INBOX")
        reader.ask("EXAMINE INBOX")
        yield mailbox


def test_every_answer_is_a_cut_of_one_cleaned_mail(
    account: Account, reading: Bothways, mailbox: Mailbox, long: bool
) -> None:
    chance = Chance(SEED)
    with ExitStack() as stack:
        direct, ours = (
            Session(stack.enter_context(wired(account, port)), mailbox.arrived)
            for port in (None, reading.ports["imap"])
        )
        done = 0
        while done < (10_000 if long else 500):
            fetches = batch(chance, mailbox, direct, ours)
            run(fetches, mailbox, direct, ours, chance.random)
            done += len(fetches)
            assert not mailbox.comparison.mismatches
    for uid in list(mailbox.present):
        mailbox.settle(uid)
    assert not mailbox.comparison.mismatches
    assert mailbox.comparison.compared > done


def batch(chance: Chance, mailbox: Mailbox, *sessions: Session) -> list[Fetch]:
    """Give commands that are sent at once, for mails that are there and that both sessions know of."""
    sections = {uid: mailbox.comparison.sections[uid] for uid in known(mailbox, *sessions)}
    if chance.random.random() < 0.1:
        return chance.windows(sections)
    fetches = [chance.fetch(sections) for _ in range(chance.random.randint(1, 6))]
    # Message numbers behind a UID command are ambiguous (RFC 9051, 5.5): Dovecot says so in mid-literal.
    return sorted(fetches, key=lambda fetch: fetch.by_uid)


def known(mailbox: Mailbox, *sessions: Session) -> list[int]:
    """Give the mails that are there and that all sessions have heard of."""
    return sorted(set(mailbox.present).intersection(*(session.uids for session in sessions)))


def run(
    fetches: list[Fetch], mailbox: Mailbox, direct: Session, ours: Session, chance: random.Random
) -> None:
    """Send commands both ways, let the mailbox change meanwhile, and compare the answers."""
    changing = chance.random() < 0.3
    few = len(mailbox.present) < len(mailbox.letters) * 3 // 4
    goes = changing and not few and chance.random() < 0.5
    victim = chance.choice(known(mailbox, direct, ours)) if goes else None
    if victim is not None and chance.random() < 0.5:
        mailbox.reader.ask(f"UID FETCH {victim} BODY.PEEK[]")  # a first look at the whole
    gone = direct.gone + ours.gone
    our_tags, direct_tags = ours.send(fetches), direct.send(fetches)
    if victim is not None:
        mailbox.settle(victim)
        mailbox.take_away(victim)
    elif changing:
        mailbox.bring(chance.choice(mailbox.letters))
    told, ends = direct.answers(direct_tags)
    told_us, our_ends = ours.answers(our_tags)
    # Message numbers of the later commands may have shifted, here earlier than there.
    changed = victim is not None or direct.gone + ours.gone > gone
    mailbox.comparison.compare(str(fetches), told, told_us, changing=changed)
    assert changed or all(b" OK " in end for end in ends + our_ends), (fetches, ends, our_ends)
    if chance.random() < 0.3:
        direct.settle()
        ours.settle()
