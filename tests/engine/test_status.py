"""The running program's status."""

from datetime import UTC, datetime, timedelta

from bothways.status import MAX_NONCES, NONCE_SECONDS, RunStatus


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_nonce_holds_for_both_questions_and_for_two_minutes():
    clock = Clock()
    status = RunStatus(clock)
    nonce = status.new_nonce()
    assert status.is_valid(nonce)
    assert status.is_valid(nonce)
    clock.now = NONCE_SECONDS
    assert not status.is_valid(nonce)


def test_nonces_are_bounded_and_unlike():
    status = RunStatus()
    made = [status.new_nonce() for _ in range(MAX_NONCES + 10)]
    assert len(set(made)) == len(made)
    assert sum(status.is_valid(nonce) for nonce in made) == MAX_NONCES
    assert status.is_valid(made[-1])
    assert not status.is_valid("")


def test_listeners_come_and_go():
    status = RunStatus()
    status.add_listener("http 127.0.0.1:8080")
    status.add_listener("imap 127.0.0.1:1143 -> imap.example.org:993")
    status.remove_listener("http 127.0.0.1:8080")
    status.remove_listener("never there")
    assert status.listeners == ("imap 127.0.0.1:1143 -> imap.example.org:993",)


def test_the_last_message_is_the_latest():
    status = RunStatus()
    now = datetime.now(UTC)
    assert status.last_message_at is None
    status.saw_message(now)
    status.saw_message(now - timedelta(hours=1))
    assert status.last_message_at == now
    assert status.lost_events() == 0
