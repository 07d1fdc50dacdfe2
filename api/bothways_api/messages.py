"""GET /api/v1/messages: what happened to a mail, found by what a client knows it by."""

from dataclasses import asdict, replace
from typing import Any

from bothways.ledger.queries import MAX_ALIASES, StoredFinding, StoredMessage
from bothways.urls.telling import LinkReport, report
from flask import abort
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from bothways_api.guard import ledger
from bothways_api.schemas import DetailedMessageSchema, MessagesSchema
from bothways_api.vendors import describe_vendor, name_vendor

MOST_REPORTED = 100
"""Of so many links of a message it is worked out what a click tells; a hostile mail holds thousands."""

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1", description="Messages and their findings")


class AliasSchema(Schema):
    """What the messages are known by: mid:, imap:, web: or sha256:; may be given again and again.

    An alias may be of any length, for a mail may say anything of itself: the ledger shortens a long one.
    """

    alias = fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=MAX_ALIASES))


@blueprint.route("/messages")
@blueprint.arguments(AliasSchema, location="query")
@blueprint.response(200, MessagesSchema)
def find_messages(asked: dict[str, Any]) -> dict[str, Any]:
    """Find messages by their aliases."""
    return {"messages": [describe(message) for message in ledger().find_messages(asked["alias"])]}


@blueprint.route("/messages/<identifier>")
@blueprint.response(200, DetailedMessageSchema)
def tell_message(identifier: str) -> dict[str, Any]:
    """Give one message by its internal id, with what a click tells and what other mails say."""
    message = ledger().message(identifier)
    if message is None:
        abort(404)
    links = [stored.finding.link for stored in message.findings if stored.finding.link is not None]
    reports = {id(link): report(link) for link in links[:MOST_REPORTED]}
    told = describe(message)
    for finding, stored in zip(told["findings"], message.findings, strict=True):
        finding.update(describe_link(reports.get(id(stored.finding.link), LinkReport())))
        finding["elsewhere"] = stored.elsewhere
    return told


def describe(message: StoredMessage) -> dict[str, Any]:
    """Give a message in the API's form."""
    told = asdict(replace(message, vendors=(), findings=()))
    told["vendors"] = [describe_vendor(counted) for counted in message.vendors]
    told["findings"] = [describe_finding(stored) for stored in message.findings]
    return told


def describe_finding(stored: StoredFinding) -> dict[str, Any]:
    """Give a finding in the API's form, its vendor by name."""
    name, company = name_vendor(stored.finding.vendor)
    told = asdict(replace(stored.finding, link=None))
    return told | {"id": stored.id, "vendor_name": name, "company": told["company"] or company}


def describe_link(link: LinkReport) -> dict[str, Any]:
    """Give what there is to say of a link in the API's form."""
    return {
        "tells": link.tells,
        "layers": [
            {"vendor": layer.vendor, "vendor_name": name_vendor(layer.vendor)[0], "url": layer.url}
            for layer in link.layers
        ],
        "removed": link.removed,
    }
