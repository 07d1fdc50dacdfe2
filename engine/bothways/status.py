"""What a running Bothways knows about itself: the proxy fills it, the API tells it."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

NONCE_SECONDS = 120.0
MAX_NONCES = 256


class RunStatus:
    """One object per process; every method may be called from any thread.

    `clock` counts seconds and never goes back; tests hand in their own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._nonces: dict[str, float] = {}
        self._listeners: list[str] = []
        self._last_message_at: datetime | None = None
        self.started_at = datetime.now(UTC)
        self.lost_events: Callable[[], int] = lambda: 0
        """Set by whoever owns the ledger's writer: how many events never reached the ledger."""

    @property
    def listeners(self) -> tuple[str, ...]:
        """What is listened on, one line each: `imap 127.0.0.1:1143 -> imap.example.org:993`."""
        with self._lock:
            return tuple(self._listeners)

    def add_listener(self, line: str) -> None:
        """Name a listener once it accepts connections."""
        with self._lock:
            self._listeners.append(line)

    def remove_listener(self, line: str) -> None:
        """Forget a listener that has closed."""
        with self._lock:
            if line in self._listeners:
                self._listeners.remove(line)

    @property
    def last_message_at(self) -> datetime | None:
        """When the proxy last saw a message go by, whether or not it held a tracker."""
        with self._lock:
            return self._last_message_at

    def saw_message(self, at: datetime) -> None:
        """Note that a message went by at `at`; an earlier moment than the last one changes nothing."""
        with self._lock:
            if self._last_message_at is None or at > self._last_message_at:
                self._last_message_at = at

    def new_nonce(self) -> str:
        """Make a word by which a client can tell that its requests come through this very program."""
        with self._lock:
            self._forget_old()
            while len(self._nonces) >= MAX_NONCES:
                del self._nonces[next(iter(self._nonces))]
            nonce = secrets.token_urlsafe(16)
            self._nonces[nonce] = self._clock() + NONCE_SECONDS
            return nonce

    def is_valid(self, nonce: str) -> bool:
        """Tell whether `nonce` was made here less than two minutes ago; a client asks by http and https."""
        with self._lock:
            self._forget_old()
            return nonce in self._nonces

    def _forget_old(self) -> None:
        now = self._clock()
        for nonce in [nonce for nonce, until in self._nonces.items() if until <= now]:
            del self._nonces[nonce]
