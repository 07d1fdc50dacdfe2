"""SHA-256 of large mail, worked out beside its way: a thread hashes while the next octets arrive.

Hashing lets go of Python's lock, so on a second core it costs the mail no time.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

_AT_ONCE = 1 << 19
_threads = ThreadPoolExecutor(2, "hashing")  # they start when there is something to hash


class SideHasher:
    """Used as `hashlib.sha256()` is. It holds a megabyte at most: who is ahead by more waits."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._gathered: list[bytes] = []
        self._size = 0
        self._under_way: Future[None] | None = None

    def update(self, octets: bytes) -> None:
        """Take the next octets."""
        self._gathered.append(octets)
        self._size += len(octets)
        if self._size >= _AT_ONCE:
            self._hand_over()

    def hexdigest(self) -> str:
        """Give the digest of all that was taken."""
        self._wait()
        self._hash_all(self._gathered)
        self._gathered, self._size = [], 0
        return self._hash.hexdigest()

    def _hand_over(self) -> None:
        self._wait()
        self._under_way = _threads.submit(self._hash_all, self._gathered)
        self._gathered, self._size = [], 0

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def _hash_all(self, pieces: Sequence[bytes]) -> None:
        for piece in pieces:
            self._hash.update(piece)
