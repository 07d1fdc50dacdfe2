"""A user's own rules: vendor files in the folder `vendors` of the home folder."""

from pathlib import Path

from bothways.vendors import catalogue
from bothways.vendors.own import OwnRules

from bothways_cli.errors import complain
from bothways_cli.home import find_home
from bothways_cli.words import printable


def rules_folder(home: Path | None) -> Path:
    """Return where the own rules of a home folder lie."""
    return find_home(home) / "vendors"


def use_own_rules(home: Path | None = None) -> OwnRules:
    """Use the own rules of a home folder from now on; one that cannot be used is told, and stops nothing."""
    own = catalogue.use_own_rules(rules_folder(home))
    for error in own.left_out:
        complain("own rule left out", printable(str(error)))
    return own
