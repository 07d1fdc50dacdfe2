"""Accounts that sign in with OAuth2: the token passes the SOCKS5 port, the account is known by its name."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from testbed.authority import Authority
from testbed.bothways import Bothways, StartBothways, eventually
from testbed.dovecot import Account, Dovecot, run_dovecot
from testbed.letters import mail_with_click, shown_texts
from testbed.processes import HOST, run_to_end
from testbed.socks import ImapThrough

pytestmark = pytest.mark.e2e

NAMED, TOKEN = "mail.test", "a-token-that-is-good"
CONFIGURATION = """
auth_failure_delay = 0
auth_mechanisms = xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {settings}
}}
"""
SETTINGS = """
introspection_mode = get
introspection_url = {issuer}
username_attribute = email
active_attribute = active
active_value = true
"""


class _Issuer(BaseHTTPRequestHandler):
    """Says whom a token is for, as the one who issued it (RFC 7662)."""

    def do_GET(self) -> None:
        good = parse_qs(urlsplit(self.path).query)["token"] == [TOKEN]
        told = {"active": "true", "email": self.server.reader} if good else {"active": "false"}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def strict(stage: Path, authority: Authority, require_debian: Callable[..., None]) -> Iterator[Dovecot]:
    """Give a Dovecot that takes tokens, and no passwords."""
    require_debian("dovecot-imapd", "dovecot-lmtpd", "dovecot-pop3d")
    folder = stage / "strict"
    folder.mkdir(mode=0o755)
    with ThreadingHTTPServer((HOST, 0), _Issuer) as issuer:
        issuer.reader = "reader1@mail.test"
        thread = threading.Thread(target=issuer.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings = folder / "oauth2.conf"
        settings.write_text(SETTINGS.format(issuer=f"http://{HOST}:{issuer.server_port}/?token="))
        with run_dovecot(folder, authority, CONFIGURATION.format(settings=settings)) as server:
            yield server
        issuer.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def named(start_bothways: StartBothways, strict: Dovecot) -> Iterator[Bothways]:
    """Give a Bothways that cleans the mail of this server, by its name."""
    place = f"{NAMED}:993:{HOST}:{strict.port}"
    options = ("--mail-host", NAMED, "--socks", f"{HOST}:0", "--resolve", place)
    with start_bothways(*options) as bothways:
        yield bothways


@pytest.fixture(scope="module")
def signed_in(strict: Dovecot) -> Account:
    """Give the account that the token is for, with a mail in it."""
    account = strict.new_account()
    account.deliver(mail_with_click("oauth2").raw)
    return account


def test_a_token_signs_in_and_the_account_is_known_by_its_name(named: Bothways, signed_in: Account) -> None:
    client = ImapThrough(named.ports["socks"], NAMED, trusted=named.authority)
    told = f"user={signed_in.user}\x01auth=Bearer {TOKEN}\x01\x01".encode()
    assert client.authenticate("XOAUTH2", lambda _: told)[0] == "OK"
    client.select("INBOX")
    validity = client.response("UIDVALIDITY")[1][0].decode()
    raw = client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1]
    client.logout()
    assert not any(url in shown_texts(raw) for url in mail_with_click("oauth2").gone)
    alias = f"imap:{signed_in.user}@{NAMED}/INBOX/{validity}/1"
    assert eventually(partial(named.pair().messages, alias))


def test_a_token_that_is_not_good_is_refused_by_the_server(named: Bothways, signed_in: Account) -> None:
    client = ImapThrough(named.ports["socks"], NAMED, trusted=named.authority)
    told = iter((f"user={signed_in.user}\x01auth=Bearer stale\x01\x01".encode(), b""))
    with pytest.raises(ImapThrough.error, match="AUTHENTICATIONFAILED"):
        client.authenticate("XOAUTH2", lambda _: next(told))
    client.logout()


def test_curl_signs_in(named: Bothways, signed_in: Account, require_debian: Callable[..., None]) -> None:
    require_debian("curl")
    proxy, url = f"{HOST}:{named.ports['socks']}", f"imaps://{NAMED}/INBOX;MAILINDEX=1"
    words = ["--socks5-hostname", proxy, "--cacert", named.authority, "--oauth2-bearer", TOKEN]
    got = run_to_end(["curl", "--silent", "--show-error", *words, "--user", signed_in.user, url])
    assert b"/track/open.php" not in got.stdout
