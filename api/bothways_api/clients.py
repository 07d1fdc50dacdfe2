"""GET and DELETE /api/v1/clients: who may ask, and ending that."""

from typing import Any

from bothways.ledger.pairing import Client
from flask import abort, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from bothways_api.guard import ledger

blueprint = Blueprint("clients", __name__, url_prefix="/api/v1", description="Paired clients")


class ClientSchema(Schema):
    """A client that was paired; its token is told to nobody."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    asking = fields.Boolean(required=True, metadata={"description": "whether it is the one that asks"})


class ClientsSchema(Schema):
    """All clients ever paired, in that order; those with a revoked_at may no longer ask."""

    clients = fields.List(fields.Nested(ClientSchema), required=True)


@blueprint.route("/clients")
@blueprint.response(200, ClientsSchema)
def list_clients() -> dict[str, Any]:
    """List the clients."""
    return describe_all()


@blueprint.route("/clients/<identifier>", methods=["DELETE"])
@blueprint.response(200, ClientsSchema)
def revoke_client(identifier: str) -> dict[str, Any]:
    """End a client's token; one's own too, and then this answer is the last."""
    if not ledger().revoke_client(identifier):
        abort(404)
    return describe_all()


def describe_all() -> dict[str, Any]:
    """Give all clients in the API's form."""
    return {"clients": [describe(client) for client in ledger().clients()]}


def describe(client: Client) -> dict[str, Any]:
    """Give a client in the API's form."""
    return {
        "id": client.id,
        "name": client.name,
        "created_at": client.created_at,
        "last_used_at": client.last_used_at,
        "revoked_at": client.revoked_at,
        "asking": client.id == g.client.id,
    }
