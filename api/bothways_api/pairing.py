"""POST /api/v1/pair: the six digits that `bothways pair` shows, for a token of the client's own."""

from typing import Any

from bothways.ledger.pairing import MAX_NAME, Paired, WrongCode
from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from bothways_api.errors import ErrorSchema
from bothways_api.guard import ledger

blueprint = Blueprint("pairing", __name__, url_prefix="/api/v1", description="Pairing a client")


class CodeSchema(Schema):
    """A code, as shown, and a name by which the client is listed."""

    code = fields.String(required=True, validate=validate.Length(max=20))
    name = fields.String(required=True, validate=validate.Length(min=1, max=MAX_NAME))


class PairedSchema(Schema):
    """A new client; its token is told this once."""

    token = fields.String(required=True)
    client_id = fields.String(required=True)


@blueprint.route("/pair", methods=["POST"])
@blueprint.doc(security=[])
@blueprint.arguments(CodeSchema)
@blueprint.response(201, PairedSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="wrong_code, with tries_left")
@blueprint.alt_response(
    410, schema=ErrorSchema, description="expired: used, too old, too many tries, or none"
)
def pair(asked: dict[str, Any]) -> ResponseReturnValue:
    """Trade a pairing code for a token."""
    outcome = ledger().redeem_pairing_code("".join(asked["code"].split()), asked["name"])
    if isinstance(outcome, Paired):
        return {"token": outcome.token, "client_id": outcome.client_id}
    if isinstance(outcome, WrongCode):
        return jsonify(error="wrong_code", tries_left=outcome.tries_left), 403
    return jsonify(error="expired"), 410
