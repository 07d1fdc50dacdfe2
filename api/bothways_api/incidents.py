"""GET /api/v1/incidents: mail that passed without being looked at, where no message stands for it."""

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from bothways_api.guard import ledger

MOST = 100
blueprint = Blueprint("incidents", __name__, url_prefix="/api/v1", description="What passed unseen")


class IncidentSchema(Schema):
    """A connection that went on untouched, or a mail that did; repeats within a day are one."""

    id = fields.Integer(required=True)
    kind = fields.String(
        required=True, metadata={"description": "went_through: a connection; passed: a mail"}
    )
    reason = fields.String(required=True, metadata={"description": "a code, a detail after a colon"})
    route = fields.String(required=True)
    account = fields.String(required=True, metadata={"description": "the login, empty where not known"})
    server = fields.String(required=True, metadata={"description": "the host, empty where not known"})
    times = fields.Integer(required=True, metadata={"description": "of a mail read in pieces, the pieces"})
    first_seen = fields.AwareDateTime(required=True)
    last_seen = fields.AwareDateTime(required=True)


class IncidentsSchema(Schema):
    """The latest hundred, the newest first."""

    incidents = fields.List(fields.Nested(IncidentSchema), required=True)


@blueprint.route("/incidents")
@blueprint.response(200, IncidentsSchema)
def list_incidents() -> dict[str, Any]:
    """List what passed without being looked at."""
    return {"incidents": [asdict(incident) for incident in ledger().incidents(MOST)]}
