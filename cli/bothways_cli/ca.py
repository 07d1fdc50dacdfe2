"""`bothways ca`: the certificate that clients must trust whose TLS is opened."""

from pathlib import Path

import click
from bothways_proxy.authority import Authority, read_authority

from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home, home_option


@click.command(
    epilog="""\b
Example:
  bothways ca

\b
Where to import it (as an authority that identifies websites):
  Thunderbird, Firefox  Settings > Privacy & Security > Certificates >
                        Manage Certificates > Authorities > Import
  Chromium              certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Bothways -i FILE
  mbsync                CertificateFile FILE
  curl                  --cacert FILE

\b
It is made by `bothways run` for the hosts named there, for two years. The key of the
certificate that you import is kept nowhere, and programs believe what it has signed for
these hosts alone. So a host that is named later needs a new certificate, to be imported
again; `run` says so. To begin anew, stop Bothways and delete the folder it lies in.
"""
)
@home_option
def ca(home: Path | None) -> None:
    """Show the certificate that opens TLS: its file, its fingerprint, the hosts it can speak for."""
    place = find_home(home)
    authority = read_authority(place)
    if authority is None:
        raise WrongUse(f"there is no certificate in {place} yet: `bothways run` makes it")
    click.echo(describe(authority))


def describe(authority: Authority) -> str:
    """Write what identifies an authority, one line each."""
    return "\n".join(
        [
            f"certificate {authority.root}",
            f"sha256 {authority.fingerprint}",
            f"until {authority.until:%Y-%m-%d}",
            *(f"host {host}" for host in authority.hosts),
        ]
    )
