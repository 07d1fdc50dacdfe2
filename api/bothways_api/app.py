"""The Flask app: what the ledger holds and how the proxy fares, told to paired clients on this machine."""

from bothways import __version__
from bothways.ledger import Ledger
from bothways.status import RunStatus
from flask import Flask

from bothways_api import clients, health, incidents, messages, pages, pairing, pause, totals
from bothways_api.errors import CodedApi
from bothways_api.guard import install_guard


def create_app(ledger: Ledger, status: RunStatus) -> Flask:
    """Build the app on an open ledger and the running program's status."""
    app = Flask(__name__)
    app.extensions["bothways_ledger"] = ledger
    app.extensions["bothways_status"] = status
    app.config |= {
        "API_TITLE": "Bothways",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "API_SPEC_OPTIONS": {
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    }
    install_guard(app)
    api = CodedApi(app)
    for module in (health, pairing, clients, messages, totals, incidents, pause):
        api.register_blueprint(module.blueprint)
    app.register_blueprint(pages.blueprint)
    return app
