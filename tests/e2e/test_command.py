"""`bothways run` as a program among others: its end, its home folder, its ports."""

import socket
from pathlib import Path

import pytest
from testbed.bothways import Bothways, StartBothways, call
from testbed.dovecot import Account, Dovecot
from testbed.imap import fetch_all, logged_in
from testbed.letters import mail_with_click
from testbed.processes import HOST

pytestmark = pytest.mark.e2e


def test_sigterm_writes_what_is_queued(
    start_bothways: StartBothways, dovecot: Dovecot, account: Account, tmp_path: Path
) -> None:
    names = [f"queued{number}" for number in range(60)]
    account.deliver(*(mail_with_click(name).raw for name in names))
    home = tmp_path / "home"
    with start_bothways(home=home, imap=[f"localhost:{dovecot.port}"]) as bothways:
        with logged_in(account, bothways.ports["imap"]) as client:
            assert len(fetch_all(client)) == len(names)
        assert bothways.stop() == 0
    with start_bothways(home=home) as bothways:
        reader = bothways.pair()
        assert all(reader.messages(f"mid:<{name}@vendor.test>") for name in names)


def test_a_second_one_in_the_same_home_is_refused(reading: Bothways) -> None:
    second = call("run", "--home", str(reading.home), "--http", f"{HOST}:0", "--api", f"{HOST}:0")
    assert second.returncode == 2
    assert str(reading.home) in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("listener", ["--http", "--api"])
def test_a_taken_port_is_named(tmp_path: Path, listener: str) -> None:
    with socket.create_server((HOST, 0)) as occupant:
        taken = f"{HOST}:{occupant.getsockname()[1]}"
        ports = {"--http": f"{HOST}:0", "--api": f"{HOST}:0", listener: taken}
        refused = call("run", "--home", str(tmp_path), *(word for pair in ports.items() for word in pair))
    assert refused.returncode == 2
    assert taken in refused.stderr
    assert "Traceback" not in refused.stderr
