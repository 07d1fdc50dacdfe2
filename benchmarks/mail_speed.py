"""What does Bothways cost a mail client? IMAP through it, against the server itself, in turns.

    uv run python benchmarks/mail_speed.py [--rounds N] [--mails N]

Every round has an account of its own with new mails. It fetches them over TLS from the server itself, through
a mitmproxy that only passes octets, and through Bothways twice: at the first look it analyses them, at the
second it only puts in the edits that its ledger knows. A ratio is the direct way's time by the way's time:
1.00 is as fast as direct. Each figure is the median of the rounds.
"""

import argparse
import imaplib
import time
from collections.abc import Callable
from statistics import median

from mail_sides import Sides, mail_with_attachment, newsletters, print_row, run_sides, wait_until_idle
from testbed.dovecot import Account

NOOPS = 400
MEGABYTES = 50
TARGETS = {"many": 0.40, "large": 0.80}

Times = dict[str, list[float]]


def fetch(account: Account, port: int | None, octets: int) -> float:
    """Fetch every mail whole, as a client does that fills its store; give the seconds it takes."""
    client = account.connect(port)
    client.select("INBOX", readonly=True)
    start = time.perf_counter()
    _, answers = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
    seconds = time.perf_counter() - start
    client.logout()
    assert sum(len(each[1]) for each in answers if isinstance(each, tuple)) == octets
    return seconds


def measure_fetches(sides: Sides, make: Callable[[int], list[bytes]], rounds: int) -> Times:
    """Fetch in turns; the first round lets every side get warm and does not count."""
    times: Times = {name: [] for name in ("direct", "mitmproxy", "first look", "second look")}
    for number in range(rounds + 1):
        mails = make(number)
        octets = sum(map(len, mails))
        account = sides.account_with(*mails)
        for name, seconds in times.items():
            port = sides.ports.get(name, sides.ports["bothways"])
            taken = fetch(account, port, octets)
            if name == "first look":
                wait_until_idle(sides.bothways.process.pid)
            if number:
                seconds.append(taken)
    return times


def print_ratios(what: str, times: Times, target: float) -> None:
    """Print each way's ratio to the direct one."""
    direct = median(times["direct"])
    print_row(f"{what}: direct", f"{direct * 1000:.0f} ms", "", reached=None)
    for name in ("mitmproxy", "first look", "second look"):
        ratio = direct / median(times[name])
        ours = name != "mitmproxy"
        told = f">= {target:.2f}" if ours else ""
        print_row(f"{what}: {name}", f"{ratio:.2f}", told, reached=ratio >= target if ours else None)


def noop_times(client: imaplib.IMAP4, count: int) -> list[float]:
    """Give the milliseconds of so many NOOPs."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        client.noop()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def measure_noops(sides: Sides) -> dict[str, float]:
    """Give the median of NOOP by way, in milliseconds, all ways in turns."""
    account = sides.account_with(*newsletters(1, 0))
    clients = {name: account.connect(port) for name, port in sides.ports.items()}
    times: Times = {name: [] for name in clients}
    for client in clients.values():
        client.select("INBOX")
    for _ in range(NOOPS // 20):
        for name, client in clients.items():
            times[name] += noop_times(client, 20)
    for client in clients.values():
        client.logout()
    return {name: median(taken) for name, taken in times.items()}


def main() -> None:
    """Measure and print a table."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--mails", type=int, default=200)
    options = arguments.parse_args()
    with run_sides() as sides:
        print_row(f"IMAP, median of {options.rounds} rounds", "ratio to direct", "target", reached=None)
        many = measure_fetches(sides, lambda seed: newsletters(options.mails, seed), options.rounds)
        print_ratios(f"{options.mails} mails of 107 KB", many, TARGETS["many"])
        large = measure_fetches(sides, lambda seed: [mail_with_attachment(MEGABYTES, seed)], options.rounds)
        print_ratios(f"one mail of {MEGABYTES} MB", large, TARGETS["large"])
        noops = measure_noops(sides)
    print_row("NOOP: direct", f"{noops['direct']:.2f} ms", "", reached=None)
    print_row("NOOP: mitmproxy adds", f"{noops['mitmproxy'] - noops['direct']:.2f} ms", "", reached=None)
    added = noops["bothways"] - noops["direct"]
    print_row("NOOP: Bothways adds", f"{added:.2f} ms", "<= 0.50 ms", reached=added <= 0.5)


if __name__ == "__main__":
    main()
