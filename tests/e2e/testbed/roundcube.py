"""A Roundcube of its own: nginx and php-fpm on https, SQLite, against the test run's Dovecot."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.authority import Authority
from testbed.dovecot import Dovecot
from testbed.processes import HOST, free_port, running, tail, wait_for_port, wait_until

HOST_NAME = "webmail.test"
SERVED = "/var/lib/roundcube/public_html"
SCHEMA = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")

SETTINGS = """<?php
$config = [];
$config['db_dsnw'] = 'sqlite:///{folder}/db/roundcube.sqlite?mode=0640';
$config['imap_host'] = 'ssl://localhost:{imap_port}';
$config['imap_conn_options'] = ['ssl' => ['verify_peer' => true, 'cafile' => '{authority}']];
$config['smtp_host'] = '';
$config['des_key'] = 'only-for-this-test-run-0';
$config['log_dir'] = '{folder}/logs/';
$config['temp_dir'] = '{folder}/tmp/';
$config['plugins'] = [];
$config['skin'] = 'elastic';
$config['show_images'] = 0;
$config['prefer_html'] = true;
$config['language'] = 'en_US';
$config['use_https'] = true;
$config['ip_check'] = false;
$config['mail_read_time'] = 0;
$config['refresh_interval'] = 3600;
"""

FPM = """
[global]
error_log = {folder}/logs/php-fpm.log
daemonize = no
[roundcube]
user = {user}
group = {user}
listen = {folder}/fpm.sock
listen.owner = {user}
listen.group = {user}
pm = static
pm.max_children = 3
clear_env = no
env[ROUNDCUBE_CONFIG_DIR] = {folder}/conf
php_admin_value[session.save_path] = {folder}/tmp
"""

NGINX = """
user {user};
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/logs/nginx.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types;
  log_format brief '$status $request';
  access_log {folder}/logs/access.log brief;
  client_body_temp_path {folder}/nginx/body;
  proxy_temp_path {folder}/nginx/proxy;
  fastcgi_temp_path {folder}/nginx/fastcgi;
  uwsgi_temp_path {folder}/nginx/uwsgi;
  scgi_temp_path {folder}/nginx/scgi;
  gzip on;
  gzip_types text/css application/javascript application/json;
  server {{
    listen {host}:{port} ssl http2;
    server_name {name};
    ssl_certificate {chain};
    ssl_certificate_key {key};
    root {served};
    index index.php;
    location ~ \\.php$ {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_param HTTPS on;
      fastcgi_pass unix:{folder}/fpm.sock;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Roundcube:
    """The running webmail, reached at its name by whoever resolves it to the loopback."""

    name: str
    port: int

    @property
    def url(self) -> str:
        """Where its login page is."""
        return f"https://{self.name}:{self.port}/"


@contextmanager
def run_roundcube(folder: Path, authority: Authority, dovecot: Dovecot) -> Iterator[Roundcube]:
    """Start php-fpm and nginx with everything they keep under `folder`."""
    user = "www-data" if os.geteuid() == 0 else Path.home().owner()
    _lay_out(folder, authority, dovecot, user)
    certificate = authority.issue("webmail", [HOST_NAME])
    port = free_port()
    names = {"folder": folder, "user": user, "host": HOST, "name": HOST_NAME, "port": port, "served": SERVED}
    (folder / "fpm.conf").write_text(FPM.format(**names))
    (folder / "nginx.conf").write_text(NGINX.format(chain=certificate.chain, key=certificate.key, **names))
    log = folder / "logs/output.log"
    with ExitStack() as stack:
        php = stack.enter_context(running([_php_fpm(), "-F", "-y", folder / "fpm.conf"], log=log))
        wait_until(lambda: "ready to handle connections" in tail(folder / "logs/php-fpm.log"), php, log)
        nginx = stack.enter_context(running(["/usr/sbin/nginx", "-c", folder / "nginx.conf"], log=log))
        wait_for_port(port, nginx, log)
        yield Roundcube(HOST_NAME, port)


def _php_fpm() -> Path:
    """Find Debian's php-fpm, whose name ends in its version."""
    return max(Path("/usr/sbin").glob("php-fpm*"))


def _lay_out(folder: Path, authority: Authority, dovecot: Dovecot, user: str) -> None:
    """Make the folders, the settings and an empty database, in the hands of the user PHP runs as."""
    for name in ("conf", "db", "logs", "nginx", "tmp"):
        (folder / name).mkdir(mode=0o755)
    settings = SETTINGS.format(folder=folder, imap_port=dovecot.port, authority=authority.certificate)
    (folder / "conf/config.inc.php").write_text(settings)
    for name in ("defaults.inc.php", "mimetypes.php"):
        shutil.copy(Path("/etc/roundcube") / name, folder / "conf")
    database = sqlite3.connect(folder / "db/roundcube.sqlite")
    database.executescript(SCHEMA.read_text())
    database.close()
    if os.geteuid() == 0:
        for path in (*(folder / name for name in ("db", "logs", "tmp")), folder / "db/roundcube.sqlite"):
            shutil.chown(path, user, user)
