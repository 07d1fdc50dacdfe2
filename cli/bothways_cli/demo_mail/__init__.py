"""The sample mails of the demo: letters that never were, from firms that are not, with trackers as they are.

Their firms are under `.example`; the trackers' hosts are real, since vendors are known by them. The demo maps
every one of them to its own server, so none is ever asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from importlib.resources import files

MAILBOX = "INBOX"
_HOST = re.compile(r"http://([\w.-]+)")


@dataclass(frozen=True, slots=True)
class SampleMail:
    """One sample mail as a webmail knows it."""

    uid: int
    sender: str
    subject: str
    html: str

    @property
    def path(self) -> str:
        """Where the demo's webmail shows it."""
        return f"/?_task=mail&_mbox={MAILBOX}&_uid={self.uid}&_action=show"


def read_samples() -> tuple[SampleMail, ...]:
    """Read the sample mails in their order."""
    names = sorted(item.name for item in files(__name__).iterdir() if item.name.endswith(".eml"))
    return tuple(read_sample(uid, (files(__name__) / name).read_bytes()) for uid, name in enumerate(names, 1))


def read_sample(uid: int, raw: bytes) -> SampleMail:
    """Read one sample mail."""
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("html",))
    if body is None:
        raise ValueError(f"sample mail {uid} has no HTML")
    return SampleMail(uid, str(message["From"]), str(message["Subject"]), body.get_content())


def named_hosts(mails: Sequence[SampleMail]) -> tuple[str, ...]:
    """Name every host that these mails would make a reader's program ask, by a load or a tracked link."""
    return tuple(sorted({host for mail in mails for host in _HOST.findall(mail.html)}))
