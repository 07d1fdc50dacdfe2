"""The preferences of a Thunderbird that has one account, asks nothing and calls nowhere."""

import json
from pathlib import Path

from testbed.dovecot import Account
from testbed.processes import HOST

Preferences = dict[str, str | int | bool]

QUIET: Preferences = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.update.enabled": False,
    "mail.biff.show_alert": False,
    "mail.inappnotifications.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": f"http://{HOST}:9/",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}


def write_profile(
    home: Path,
    account: Account,
    *,
    imap_port: int,
    proxy_port: int,
    control_port: int,
    others: Preferences,
) -> None:
    """Write the file of preferences; `control_port` is where the remote control will listen."""
    preferences: Preferences = {
        **QUIET,
        **_account(home, account, imap_port),
        **_proxy(proxy_port),
        "mailnews.message_display.disable_remote_image": False,
        "marionette.port": control_port,
        **others,
    }
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
    (home / "user.js").write_text("".join(lines))


def through_socks(port: int, server: str) -> Preferences:
    """Keep a mail server's real name, port and TLS (3), and go through a SOCKS5 port of the loopback."""
    return {
        "mail.server.server1.hostname": server,
        "mail.server.server1.port": 993,
        "mail.server.server1.socketType": 3,
        "network.proxy.socks": HOST,
        "network.proxy.socks_port": port,
        "network.proxy.socks_version": 5,
        "network.proxy.socks_remote_dns": True,
    }


def over_pop3(home: Path, port: int) -> Preferences:
    """Make the account one of POP3, at a plain port of the loopback; its mail stays on the server."""
    return {
        "mail.server.server1.type": "pop3",
        "mail.server.server1.port": port,
        "mail.server.server1.directory": str(home / "Mail/reader"),
        "mail.server.server1.leave_on_server": True,
    }


def _proxy(port: int) -> Preferences:
    return {
        "network.proxy.type": 1,
        "network.proxy.http": HOST,
        "network.proxy.http_port": port,
        "network.proxy.ssl": HOST,
        "network.proxy.ssl_port": port,
    }


def _account(home: Path, account: Account, port: int) -> Preferences:
    """Describe one IMAP account, without TLS (0) and with a plain password (3), and the local folders."""
    return {
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.identities": "id1",
        "mail.account.account1.server": "server1",
        "mail.account.account2.server": "server2",
        "mail.account.lastKey": 2,
        "mail.identity.id1.fullName": "Reader",
        "mail.identity.id1.useremail": account.user,
        "mail.identity.id1.valid": True,
        "mail.server.server1.type": "imap",
        "mail.server.server1.hostname": HOST,
        "mail.server.server1.port": port,
        "mail.server.server1.socketType": 0,
        "mail.server.server1.authMethod": 3,
        "mail.server.server1.userName": account.user,
        "mail.server.server1.name": account.user,
        "mail.server.server1.directory": str(home / "ImapMail/reader"),
        # Else a question for the password blocks the remote control for ever.
        "mail.server.server1.login_at_startup": False,
        "mail.server.server1.check_new_mail": False,
        "mail.server.server2.type": "none",
        "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.userName": "nobody",
        "mail.server.server2.name": "Local Folders",
        "mail.server.server2.directory": str(home / "Mail/Local Folders"),
    }
