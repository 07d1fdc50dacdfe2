"""The real server on loopback."""

import http.client
import json
import threading

import pytest
from bothways_api.server import ServeError, serve


@pytest.fixture
def server(app):
    running = serve(app, "127.0.0.1", 0)
    yield running
    running.close()


def get(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_it_answers_and_does_not_say_what_serves(server):
    status, headers, body = get(server.port, "/api/v1/health")
    assert (status, json.loads(body)["program"]) == (200, "bothways")
    assert "Server" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_it_takes_an_address_as_long_as_the_extension_sends(server, client):
    query = "&".join(f"alias=mid:{'x' * 9900}" for _ in range(20))
    headers = {"Authorization": f"Bearer {client.token}"}
    status, _, body = get(server.port, f"/api/v1/messages?{query}", **headers)
    assert (status, json.loads(body)) == (200, {"messages": []})


def test_a_taken_port_is_said_clearly(app, server):
    with pytest.raises(ServeError, match=rf"127\.0\.0\.1:{server.port}.*another port"):
        serve(app, "127.0.0.1", server.port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_it_listens_on_this_machine_only(app, host):
    with pytest.raises(ServeError, match="this machine only"):
        serve(app, host, 0)


def test_close_gives_the_port_back(app, server):
    server.close()
    server.close()
    again = serve(app, "localhost", server.port)
    assert get(again.port, "/")[0] == 200
    again.close()
    with pytest.raises(ConnectionRefusedError):
        get(again.port, "/")


def test_many_clients_at_once_are_answered(server, ledger, make_record):
    ledger.record(make_record())
    paired = ledger.redeem_pairing_code(ledger.new_pairing_code(), "x")
    statuses = []

    def ask():
        headers = {"Authorization": f"Bearer {paired.token}"}
        statuses.append(get(server.port, "/api/v1/messages?alias=imap:buyer/INBOX/7/1", **headers)[0])

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 40


def test_a_hostile_host_is_refused_by_the_real_server(server):
    assert get(server.port, "/", Host="evil.example")[0] == 400


def test_it_can_end_right_after_an_answer(app, caplog):
    for _ in range(30):
        running = serve(app, "127.0.0.1", 0)
        assert get(running.port, "/api/v1/health")[0] == 200
        running.close()
    assert caplog.text == ""


def test_it_can_end_twice_and_gives_the_port_back(app):
    running = serve(app, "127.0.0.1", 0)
    running.close()
    running.close()
    again = serve(app, "127.0.0.1", running.port)
    assert get(again.port, "/api/v1/health")[0] == 200
    again.close()
