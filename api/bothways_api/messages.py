"""GET /api/v1/messages: what happened to a mail, found by what a client knows it by."""

from dataclasses import asdict
from typing import Any

from bothways.ledger.queries import MAX_ALIASES, StoredFinding, StoredMessage
from flask import abort
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from bothways_api.guard import ledger
from bothways_api.schemas import MessageSchema, MessagesSchema
from bothways_api.vendors import describe_vendor, name_vendor

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1", description="Messages and their findings")


class AliasSchema(Schema):
    """What the messages are known by: mid:, imap:, web: or sha256:; may be given again and again."""

    alias = fields.List(
        fields.String(validate=validate.Length(max=4000)),
        required=True,
        validate=validate.Length(min=1, max=MAX_ALIASES),
    )


@blueprint.route("/messages")
@blueprint.arguments(AliasSchema, location="query")
@blueprint.response(200, MessagesSchema)
def find_messages(asked: dict[str, Any]) -> dict[str, Any]:
    """Find messages by their aliases."""
    return {"messages": [describe(message) for message in ledger().find_messages(asked["alias"])]}


@blueprint.route("/messages/<identifier>")
@blueprint.response(200, MessageSchema)
def tell_message(identifier: str) -> dict[str, Any]:
    """Give one message by its internal id."""
    message = ledger().message(identifier)
    if message is None:
        abort(404)
    return describe(message)


def describe(message: StoredMessage) -> dict[str, Any]:
    """Give a message in the API's form."""
    told = asdict(message)
    told["vendors"] = [describe_vendor(counted) for counted in message.vendors]
    told["findings"] = [describe_finding(stored) for stored in message.findings]
    return told


def describe_finding(stored: StoredFinding) -> dict[str, Any]:
    """Give a finding in the API's form, its vendor by name."""
    name, company = name_vendor(stored.finding.vendor)
    told = asdict(stored.finding)
    return told | {"id": stored.id, "vendor_name": name, "company": told["company"] or company}
