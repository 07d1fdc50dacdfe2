"""What does Bothways cost a mail client? IMAP through it, against the server itself, in turns.

    uv run python benchmarks/mail_speed.py [--rounds N] [--mails N]

Every round has an account of its own with new mails. It fetches them over TLS from the server itself, through
a mitmproxy that only passes octets, and through Bothways: at the first look it analyses them, at the second
it only puts in the edits that it knows, by then from its memory or, after a restart, from the ledger. The
client's side is plain text on the loopback or encrypted as well ("TLS"). A ratio is the direct way's time by
the way's time: 1.00 is as fast as direct. Each figure is the median of the rounds; run it on a machine that
does nothing else.
"""

import argparse
import imaplib
import time
from collections.abc import Callable
from statistics import median

from mail_sides import (
    Sides,
    dense_mails,
    large_mail,
    print_row,
    processor_time,
    run_sides,
    usual_mails,
    wait_until_idle,
)
from testbed.dovecot import Account

NOOPS = 400
MEGABYTES = 50
RESTARTED = "from the ledger, TLS"
WAYS = {
    "direct": "direct",
    "mitmproxy": "mitmproxy",
    "mitmproxy, TLS": "mitmproxy TLS",
    "first look": "bothways",
    "second look": "bothways",
    RESTARTED: "bothways TLS",
    "second look, TLS": "bothways TLS",
}
"""What is measured, and by which side."""

Times = dict[str, list[float]]


def fetch(sides: Sides, side: str, account: Account, octets: int) -> float:
    """Fetch every mail whole, as a client does that fills its store; give the seconds it takes."""
    client = sides.connect(side, account)
    client.select("INBOX", readonly=True)
    start = time.perf_counter()
    _, answers = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
    seconds = time.perf_counter() - start
    client.logout()
    assert sum(len(each[1]) for each in answers if isinstance(each, tuple)) == octets
    return seconds


def measure_fetches(sides: Sides, make: Callable[[int], list[bytes]], rounds: int) -> tuple[Times, Times]:
    """Fetch in turns, give seconds and Bothways' processor time; a first round gets every side warm."""
    times: Times = {way: [] for way in WAYS}
    costs: Times = {way: [] for way in WAYS}
    for number in range(rounds + 1):
        mails = make(number)
        octets = sum(map(len, mails))
        account = sides.account_with(*mails)
        for way, side in WAYS.items():
            if way == RESTARTED:
                sides.restart()
            process = sides.bothways.process.pid
            before = processor_time(process)
            taken = fetch(sides, side, account, octets)
            wait_until_idle(process)
            if number:
                times[way].append(taken)
                costs[way].append((processor_time(process) - before) / len(mails))
    return times, costs


def print_ratios(what: str, measured: tuple[Times, Times], target: float | None) -> None:
    """Print each way's ratio to the direct one, and what a mail costs Bothways."""
    times, costs = measured
    direct = median(times["direct"])
    print_row(f"{what}: direct", f"{direct * 1000:.0f} ms", "", reached=None)
    for way, side in WAYS.items():
        if way == "direct":
            continue
        ratio, goal = direct / median(times[way]), None if side.startswith("mitmproxy") else target
        cost = f"  {median(costs[way]) * 1000:.1f} ms CPU a mail" if side.startswith("bothways") else ""
        told = f">= {goal:.2f}" if goal else ""
        print_row(f"{what}: {way}", f"{ratio:.2f}", told, reached=ratio >= goal if goal else None, more=cost)


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
    account = sides.account_with(*usual_mails(1, 0))
    clients = {side: sides.connect(side, account) for side in ("direct", "mitmproxy", "bothways")}
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
    count, rounds = options.mails, options.rounds
    with run_sides() as sides:
        print_row(f"IMAP, median of {rounds} rounds", "ratio to direct", "target", reached=None)
        usual = measure_fetches(sides, lambda seed: usual_mails(count, seed), rounds)
        print_ratios(f"{count} mails of 107 KB", usual, 0.40)
        dense = measure_fetches(sides, lambda seed: dense_mails(count, seed), rounds)
        print_ratios(f"{count} mails of 107 KB of HTML", dense, None)
        large = measure_fetches(sides, lambda seed: [large_mail(MEGABYTES, seed)], rounds)
        print_ratios(f"one mail of {MEGABYTES} MB", large, 0.80)
        noops = measure_noops(sides)
    print_row("NOOP: direct", f"{noops['direct']:.2f} ms", "", reached=None)
    print_row("NOOP: mitmproxy adds", f"{noops['mitmproxy'] - noops['direct']:.2f} ms", "", reached=None)
    added = noops["bothways"] - noops["direct"]
    print_row("NOOP: Bothways adds", f"{added:.2f} ms", "<= 0.50 ms", reached=added <= 0.5)


if __name__ == "__main__":
    main()
