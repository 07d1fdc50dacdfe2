"""Dovecot -> the SOCKS5 port of `bothways run` -> mail clients that keep their server's name and TLS."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography import x509
from mitmproxy.certs import CertStore
from playwright.sync_api import Error, Playwright
from testbed import socks
from testbed.authority import Authority, ServerCertificate
from testbed.bothways import Bothways, StartBothways
from testbed.chromium import run_chromium
from testbed.dovecot import Account, Dovecot
from testbed.extension import copy_extension
from testbed.imap import fetch_all
from testbed.letters import LOGO, all_letters, attachments, long_mail, mail_with_click, shown_texts
from testbed.processes import HOST, run_to_end
from testbed.programs import MBSYNC_STORES
from testbed.socks import ImapThrough
from testbed.thunderbird import run_thunderbird
from testbed.thunderbird_profile import through_socks
from testbed.tracker import LOGO_WIDTH, Website, run_website

pytestmark = pytest.mark.e2e

NAMED, BELOW, STRANGER = "mail.test", "www.mail.test", "bank.test"
MBSYNCRC = """
IMAPAccount tested
Host {host}
Port 993
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {trusted}
AuthMechs LOGIN
Tunnel "{tunnel}"
"""
ASK = """
const request = new (Services.wm.getMostRecentWindow("mail:3pane").XMLHttpRequest)();
request.open("GET", args[0]);
const answer = new Promise((resolve) => {
  request.onload = () => resolve(String(request.status));
  request.onerror = () => resolve(request.channel.securityInfo?.errorCodeString ?? "no answer");
});
request.send();
return answer;
"""


@pytest.fixture(scope="module")
def named(start_bothways: StartBothways, dovecot: Dovecot, _shop: Website) -> Iterator[Bothways]:
    """Give a Bothways that cleans the mail of one host, by its name."""
    places = [(NAMED, 993, dovecot.port), ("localhost", 993, dovecot.port)]
    places += [(host, 443, _shop.https_port) for host in _shop.hosts]
    words = [f"{host}:{port}:{HOST}:{here}" for host, port, here in places]
    options = [word for place in words for word in ("--resolve", place)]
    with start_bothways("--mail-host", NAMED, "--socks", f"{HOST}:0", *options) as bothways:
        yield bothways


def curl(through: Bothways, trusted: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    proxy = f"{HOST}:{through.ports['socks']}"
    command = ["curl", "--silent", "--show-error", "--socks5-hostname", proxy, "--cacert", str(trusted)]
    return run_to_end([*command, *words], check=False)


def log_in(account: Account, through: Bothways) -> ImapThrough:
    client = ImapThrough(through.ports["socks"], NAMED, trusted=through.authority)
    client.login(account.user, account.password)
    return client


def test_trackers_are_gone_and_attachments_identical(account: Account, named: Bothways) -> None:
    letters = list(all_letters("named"))
    account.deliver(*(letter.raw for letter in letters))
    client = log_in(account, named)
    for letter, mail in zip(letters, fetch_all(client), strict=True):
        assert not any(url in shown_texts(mail.raw) for url in letter.gone), letter.name
        assert attachments(mail.raw) == attachments(letter.raw), letter.name
        assert len(mail.raw) == mail.size
    client.logout()


def test_idle_tells_of_new_mail(account: Account, named: Bothways) -> None:
    client = log_in(account, named)
    client.select("INBOX")
    client.send(b"w1 IDLE\r\n")
    assert client.readline().startswith(b"+ ")
    account.deliver(mail_with_click("named-idle").raw)
    assert client.readline() == b"* 1 EXISTS\r\n"
    client.send(b"DONE\r\n")
    while not client.readline().startswith(b"w1 OK"):
        pass
    client.logout()


def test_curl_gets_what_imaplib_gets(
    account: Account, named: Bothways, require_debian: Callable[..., None]
) -> None:
    require_debian("curl")
    account.deliver(mail_with_click("named-curl").raw)
    login = f"{account.user}:{account.password}"
    got = curl(named, named.authority, "--user", login, f"imaps://{NAMED}/INBOX;MAILINDEX=1")
    client = log_in(account, named)
    (mail,) = fetch_all(client)
    client.logout()
    assert (got.stdout, got.stderr) == (mail.raw, b"")
    assert b"/track/open.php" not in got.stdout


def test_mbsync_fills_a_maildir(
    account: Account, named: Bothways, tmp_path: Path, require_debian: Callable[..., None]
) -> None:
    require_debian("isync")
    letter = mail_with_click("named-mbsync")
    account.deliver(letter.raw)
    tunnel = f"{sys.executable} {socks.__file__} {named.ports['socks']} {NAMED} 993"
    values = {"user": account.user, "password": account.password, "trusted": named.authority}
    settings = tmp_path / "mbsyncrc"
    settings.write_text(
        (MBSYNCRC + MBSYNC_STORES).format(host=NAMED, tunnel=tunnel, folder=tmp_path, **values)
    )
    run_to_end(["mbsync", "-c", settings, "all"])
    (stored,) = (tmp_path / "INBOX").glob("[cn]*/*")
    mail = stored.read_bytes().replace(b"\n", b"\r\n")
    assert not any(url in shown_texts(mail) for url in letter.gone)
    assert attachments(mail) == attachments(letter.raw)


def test_other_hosts_keep_their_own_certificates(
    named: Bothways, authority: Authority, shop: Website, require_debian: Callable[..., None]
) -> None:
    require_debian("curl")
    for address in (LOGO, "imaps://localhost/"):
        assert curl(named, named.authority, address).returncode == 60, "a certificate that is not trusted"
    assert curl(named, authority.certificate, LOGO).stdout.startswith(b"\x89PNG")
    ImapThrough(named.ports["socks"], "localhost", trusted=authority.certificate).logout()


@pytest.fixture
def forgeries(named: Bothways) -> Iterator[dict[str, str]]:
    """Serve a host below the named one and a stranger, both with certificates by our key: host -> address."""
    folder = named.authority.parent
    store = CertStore.from_store(folder, "mitmproxy", 2048)
    with ExitStack() as stack:
        addresses = {}
        for host in (BELOW, STRANGER):
            chain = folder / f"{host}.pem"
            above = (folder / "mitmproxy-ca.pem").read_bytes()
            chain.write_bytes(store.get_cert(host, [x509.DNSName(host)]).cert.to_pem() + above)
            website = stack.enter_context(run_website([host], ServerCertificate(chain, chain)))
            addresses[host] = f"https://{host}:{website.https_port}/"
        yield addresses


def test_thunderbird_shows_cleaned_mail_and_believes_no_other_host(
    named: Bothways,
    account: Account,
    shop: Website,
    tracker: Website,
    forgeries: dict[str, str],
    tmp_path: Path,
    require_debian: Callable[..., None],
) -> None:
    require_debian("thunderbird", "libnss3-tools", "xvfb", "openbox")
    letter, long = mail_with_click("named-thunderbird"), long_mail("named-long", 5000)
    account.deliver(letter.raw, long.raw)
    home = tmp_path / "thunderbird"
    home.mkdir()
    here = ",".join(forgeries)
    with run_thunderbird(
        home,
        account,
        imap_port=993,
        proxy_port=named.ports["http"],
        trusted=[account.authority, named.authority],
        extension=copy_extension(tmp_path / "extension", named.api),
        preferences={
            **through_socks(named.ports["socks"], NAMED),
            "network.dns.localDomains": here,
            "network.proxy.no_proxies_on": here,
        },
    ) as thunderbird:
        shown = thunderbird.show("Your invitation")
        shown_in_windows = thunderbird.show("Something new: named-long")
        verdicts = {host: thunderbird.session.run(ASK, address) for host, address in forgeries.items()}
    assert shown.images == {LOGO: LOGO_WIDTH}
    assert not any(url in shown.html for url in letter.gone)
    assert "Paragraph 4999 of a long story." in shown_in_windows.html
    assert shown_in_windows.images == {LOGO: LOGO_WIDTH}
    assert tracker.visits.connections == 0
    assert verdicts == {BELOW: "200", STRANGER: "SEC_ERROR_CERT_NOT_IN_NAME_SPACE"}


def test_chromium_believes_no_other_host(
    named: Bothways,
    forgeries: dict[str, str],
    playwright: Playwright,
    tmp_path: Path,
    require_debian: Callable[..., None],
) -> None:
    require_debian("chromium", "libnss3-tools")
    here = [f"{host} {HOST}" for host in forgeries]
    with run_chromium(playwright, tmp_path, trusted=[named.authority], addresses=here) as browser:
        page = browser.new_page()
        assert page.goto(forgeries[BELOW]).status == 200
        with pytest.raises(Error, match="ERR_CERT_INVALID"):
            page.goto(forgeries[STRANGER])
