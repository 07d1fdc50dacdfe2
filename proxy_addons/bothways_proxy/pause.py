"""Whether the user has paused the cleaning, asked for at most once a second."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

logger = logging.getLogger(__name__)

_SECONDS = 1.0


def never() -> datetime | None:
    """Say that nothing is paused."""
    return None


class PauseWatch:
    """Call it: True while cleaning is paused. `read` tells until when, or None."""

    def __init__(
        self, read: Callable[[], datetime | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._next_look = float("-inf")
        self._until: datetime | None = None

    def __call__(self) -> bool:
        """Tell whether cleaning is paused now."""
        now = self._clock()
        if now >= self._next_look:
            self._next_look = now + _SECONDS
            try:
                self._until = self._read()
            except Exception:
                logger.exception("whether cleaning is paused could not be read; what was true before holds")
        return self._until is not None and datetime.now(UTC) < self._until
