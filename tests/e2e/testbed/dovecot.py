"""A Dovecot of its own: IMAPS and POP3S on the loopback, LMTP on a socket, a new account for each test."""

import imaplib
import itertools
import os
import pwd
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.authority import Authority
from testbed.processes import HOST, SECONDS, free_ports, loopback, running, wait_for_port

PASSWORD = "correct-horse"

CONFIGURATION = """
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = {hosts}
protocols = imap pop3 lmtp
ssl = required
ssl_cert = <{chain}
ssl_key = <{key}
auth_mechanisms = plain login
auth_username_format = %Lu
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u/Maildir
{owner}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {plain_pop3_port}
  }}
  inet_listener pop3s {{
    port = {pop3_port}
    ssl = yes
  }}
}}
protocol pop3 {{
  ssl = yes
}}
service anvil {{
  chroot =
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
mail_max_userip_connections = 50
postmaster_address = postmaster@mail.test
"""

ROOTLESS = """
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One reader's mail at the server; `deliver` is what a mail from outside goes through."""

    user: str
    password: str
    port: int
    pop3_port: int
    lmtp: Path
    authority: Path

    def deliver(self, *mails: bytes, sender: str = "seller@vendor.test") -> None:
        """Hand mails to the server the way a mail exchanger does."""
        with smtplib.LMTP(str(self.lmtp), timeout=SECONDS) as exchanger:
            for mail in mails:
                exchanger.sendmail(sender, [self.user], mail, ["BODY=8BITMIME"])

    def connect(self, port: int | None = None) -> imaplib.IMAP4:
        """Log in at the server itself, or in plain text at a port of the loopback that leads to it."""
        client = self._open(port)
        client.login(self.user, self.password)
        return client

    def _open(self, port: int | None) -> imaplib.IMAP4:
        if port is not None:
            return imaplib.IMAP4(HOST, port, timeout=SECONDS)
        trust = ssl.create_default_context(cafile=str(self.authority))
        return imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trust, timeout=SECONDS)


@dataclass(frozen=True, slots=True)
class Dovecot:
    """The running server; `plain_pop3_port` takes logins without TLS."""

    port: int
    pop3_port: int
    plain_pop3_port: int
    folder: Path
    authority: Path
    numbers: Iterator[int]

    def new_account(self) -> Account:
        """Give an account that no other test has; the server makes it at its first use."""
        user = f"reader{next(self.numbers)}@mail.test"
        return Account(user, PASSWORD, self.port, self.pop3_port, self.folder / "base/lmtp", self.authority)


@contextmanager
def run_dovecot(folder: Path, authority: Authority, more: str = "") -> Iterator[Dovecot]:
    """Start the server with everything it keeps under `folder`, which its own users may enter.

    `more` is put behind its configuration.
    """
    port, pop3_port, plain_pop3_port = free_ports(3)
    for name in ("base", "state", "mail"):
        (folder / name).mkdir(mode=0o755)
    configuration = _configure(folder, (port, pop3_port, plain_pop3_port), authority)
    (folder / "dovecot.conf").write_text(configuration + more)
    log = folder / "dovecot.out.log"
    with running(["/usr/sbin/dovecot", "-F", "-c", folder / "dovecot.conf"], log=log) as process:
        wait_for_port(port, process, log)
        yield Dovecot(port, pop3_port, plain_pop3_port, folder, authority.certificate, itertools.count(1))


def _configure(folder: Path, ports: tuple[int, int, int], authority: Authority) -> str:
    """Fill in the configuration. Dovecot refuses to keep mail as root, so root lends it the user `mail`."""
    owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if os.geteuid() == 0:
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    names = {"user": owner.pw_uid, "group": owner.pw_gid}
    rootless = ROOTLESS.format(user=owner.pw_name, group=owner.pw_name) if os.geteuid() else ""
    certificate = authority.issue(folder.name, ["localhost", "mail.test", HOST])
    return CONFIGURATION.format(
        folder=folder,
        hosts=", ".join(loopback()),
        port=ports[0],
        pop3_port=ports[1],
        plain_pop3_port=ports[2],
        chain=certificate.chain,
        key=certificate.key,
        owner=rootless,
        password=PASSWORD,
        **names,
    )
