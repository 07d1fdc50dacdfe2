"""The page at /: what this is and how to pair. It works without JavaScript and tells nothing of any mail."""

from bothways import __version__
from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.route("/")
def show_start() -> str:
    """Show the start page."""
    return render_template("index.html", version=__version__)
