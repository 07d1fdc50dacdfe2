"""GET /api/v1/health: is this Bothways, is the caller paired, does the proxy run, is anything lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bothways import __version__
from bothways.ledger import Ledger
from bothways.status import RunStatus
from bothways.vendors.catalogue import default_catalogue
from flask import current_app, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from bothways_api.guard import ledger

API = 1
INCIDENTS_OF = timedelta(days=1)
blueprint = Blueprint("health", __name__, url_prefix="/api/v1", description="The program's state")


class ProxySchema(Schema):
    """The proxy."""

    listeners = fields.List(fields.String(), required=True)


class HealthSchema(Schema):
    """The program's state; without a token only the first four."""

    program = fields.String(required=True)
    version = fields.String(required=True)
    api = fields.Integer(required=True)
    paired = fields.Boolean(required=True)
    proxy = fields.Nested(ProxySchema)
    paused_until = fields.AwareDateTime(allow_none=True)
    lost_events = fields.Integer()
    incidents = fields.Integer(
        metadata={"description": "what passed without being looked at in the last 24 hours; see /incidents"}
    )
    last_message_at = fields.AwareDateTime(allow_none=True)
    rules_date = fields.Date()
    check = fields.String(metadata={"description": "to be asked for at check.bothways.invalid by the proxy"})


@blueprint.route("/health")
@blueprint.doc(security=[{}, {"token": []}])
@blueprint.response(200, HealthSchema)
def tell_health() -> dict[str, Any]:
    """Tell the program's state; an unknown token counts as none."""
    known = {"program": "bothways", "version": __version__, "api": API, "paired": g.client is not None}
    return known | (describe_run(ledger(), _status()) if g.client else {})


def describe_run(kept: Ledger, status: RunStatus) -> dict[str, Any]:
    """Say what only a paired client is told."""
    return {
        "proxy": {"listeners": list(status.listeners)},
        "paused_until": kept.paused_until(),
        "lost_events": status.lost_events(),
        "incidents": kept.count_incidents(datetime.now(UTC) - INCIDENTS_OF),
        "last_message_at": status.last_message_at,
        "rules_date": default_catalogue().rules_date,
        "check": status.new_nonce(),
    }


def _status() -> RunStatus:
    status = current_app.extensions["bothways_status"]
    assert isinstance(status, RunStatus)
    return status
