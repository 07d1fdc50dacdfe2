"""Serving the app on this machine, in a thread of its own beside the proxy."""

import logging
import socket
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server
from waitress.wasyncore import close_all, loop

from bothways_api.guard import MAX_BODY, TRUSTED_HOSTS

THREADS = 32
_IDLE_SECONDS = 30.0
"""How long the loop waits for anything: new connections, answers and the end wake it."""


class ServeError(Exception):
    """The API cannot listen; the text says why and what to do."""


class ApiServer:
    """A running server. `port` is the one it got, also where 0 was asked for."""

    def __init__(self, server: Any, sockets: dict[int, Any]) -> None:
        self._server = server
        self._sockets = sockets
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)
        self.port = int(server.effective_port)

    def start(self) -> None:
        """Start answering."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._ending.set()
        if self._thread.is_alive():
            self._server.trigger.pull_trigger()
            self._thread.join()
        # Only now: whoever still answered would have woken the loop by a socket that is closed.
        self._server.task_dispatcher.shutdown()
        close_all(self._sockets, ignore_all=True)

    def _run(self) -> None:
        while not self._ending.is_set():
            loop(timeout=_IDLE_SECONDS, map=self._sockets, count=1)


def serve(app: Flask, host: str = "127.0.0.1", port: int = 8417) -> ApiServer:
    """Listen on loopback and answer until `close`; ServeError where that cannot be."""
    if host not in TRUSTED_HOSTS:
        raise ServeError(f"the API answers this machine only: give 127.0.0.1, not {host}")
    listener = bind(port)
    sockets: dict[int, Any] = {}
    server = create_server(
        app, map=sockets, sockets=[listener], threads=THREADS, ident=None, max_request_body_size=MAX_BODY
    )
    # Its warning that a request waits comes on a busy machine before all threads are there: no fault.
    server.task_dispatcher.queue_logger.setLevel(logging.ERROR)
    running = ApiServer(server, sockets)
    running.start()
    return running


def bind(port: int) -> socket.socket:
    """Take a port of 127.0.0.1; ServeError where it is taken or not ours to take."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        where = f"127.0.0.1:{port}"
        raise ServeError(f"the API cannot listen on {where}: {error.strerror}; give another port") from error
    return listener
