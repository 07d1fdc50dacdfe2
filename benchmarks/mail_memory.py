"""How much memory does Bothways take between a mail client and an IMAP server?

    uv run python benchmarks/mail_memory.py

Figures are of the one process that `bothways run` is. What a mail adds is the peak while it is fetched, over
what the process held before, warm from other mails.
"""

import argparse
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from mail_sides import Sides, large_mail, print_row, resident, run_sides, usual_mails
from testbed.dovecot import Account
from testbed.imap_wire import Wire, wired
from testbed.processes import HOST

MEGABYTES = 50
IDLE = 200
PER_ACCOUNT = 40
STALL_SECONDS = 5


def peak_added(process_id: int, act: Callable[[], None]) -> float:
    """Give how many MB a process holds at most while something is done, over what it holds before."""
    Path(f"/proc/{process_id}/clear_refs").write_text("5")  # the peak begins anew (proc(5))
    before = resident(process_id)
    act()
    status = Path(f"/proc/{process_id}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024 / 1e6 - before


def fetch_whole(account: Account, port: int) -> None:
    """Fetch every mail of an account."""
    with wired(account, port) as wire:
        wire.ask("EXAMINE INBOX")
        wire.ask("UID FETCH 1:* (UID BODY.PEEK[])")


def fetch_in_windows(account: Account, port: int, size: int = 65536) -> None:
    """Fetch one mail the way Thunderbird does, its size first."""
    with wired(account, port) as wire:
        wire.ask("EXAMINE INBOX")
        wire.ask("UID FETCH 1 (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER])")
        for origin in range(0, MEGABYTES * 1_000_000, size):
            wire.ask(f"UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<{origin}.{size}>)")


def stall(account: Account, port: int) -> None:
    """Ask for a large mail and read none of it for a while."""
    with socket.create_connection((HOST, port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire = Wire(connection)
        wire.ask(f'LOGIN {account.user} "{account.password}"')
        wire.ask("EXAMINE INBOX")
        wire.send("UID FETCH 1 (UID BODY.PEEK[])")
        time.sleep(STALL_SECONDS)
        wire.close()


def idle(sides: Sides, port: int) -> float:
    """Give how many MB the process holds while so many connections wait for mail."""
    with ExitStack() as stack:
        for number in range(IDLE):
            if number % PER_ACCOUNT == 0:
                account = sides.account_with(*usual_mails(1, number))
            wire = stack.enter_context(wired(account, port))
            wire.ask("SELECT INBOX")
            wire.send("IDLE")
            wire.read()
        return resident(sides.bothways.process.pid)


def print_added(what: str, added: float, target: float) -> None:
    """Print one line of the table."""
    print_row(what, f"{added:.1f} MB", f"<= {target:.0f} MB", reached=added <= target)


def main() -> None:
    """Measure and print a table."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    with run_sides() as sides:
        process, port = sides.bothways.process.pid, sides.bothways.ports["imap"]
        fetch_whole(sides.account_with(*usual_mails(30, 1)), port)
        large = sides.account_with(large_mail(MEGABYTES, 1))
        print_row("memory of bothways run", "figure", "target", reached=None)
        print_row("warm", f"{resident(process):.1f} MB", "", reached=None)
        for what, fetch in (("whole", fetch_whole), ("in windows", fetch_in_windows)):
            added = peak_added(process, lambda fetch=fetch: [fetch(large, port) for _ in range(3)])
            print_added(f"three fetches of {MEGABYTES} MB, {what}: adds", added, 10)
        print_added("a client that stops reading: adds", peak_added(process, lambda: stall(large, port)), 5)
        print_added(f"{IDLE} idle connections: all in all", idle(sides, port), 200)


if __name__ == "__main__":
    main()
