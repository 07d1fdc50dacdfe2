"""What a message looks like in the API."""

from marshmallow import Schema, fields


class CountsSchema(Schema):
    """URLs of a message by what became of them."""

    blocked = fields.Integer(required=True)
    cleaned = fields.Integer(required=True)
    seen = fields.Integer(required=True)


class SenderSchema(Schema):
    """Who wrote, and what the ledger knows of them."""

    address = fields.String(required=True)
    name = fields.String(required=True)
    messages = fields.Integer(required=True)
    tracked = fields.Integer(required=True)
    first_seen = fields.AwareDateTime(required=True, allow_none=True)
    last_seen = fields.AwareDateTime(required=True, allow_none=True)


class VendorSchema(Schema):
    """A vendor whose URLs the message holds; what its customer learns of an open or a click."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    company = fields.String(required=True)
    category = fields.String(required=True)
    learns = fields.List(fields.String(), required=True)
    tracks_by_default = fields.Boolean(required=True, allow_none=True)
    count = fields.Integer(required=True)


class ReasonSchema(Schema):
    """A signal that spoke for a finding."""

    code = fields.String(required=True)
    evidence = fields.String(required=True)


class ToldSchema(Schema):
    """One thing that a click on a link tells."""

    by = fields.String(required=True, metadata={"description": "a parameter, or the vendor of a wrapper"})
    tells = fields.String(
        required=True,
        metadata={"description": "recipient, send, visitor, click, campaign; address: an e-mail address"},
    )
    detail = fields.String(
        required=True, metadata={"description": "the address; of a wrapper, its vendor's file"}
    )


class LayerSchema(Schema):
    """A wrapper that was taken off a link, the outermost first."""

    vendor = fields.String(required=True)
    vendor_name = fields.String(required=True)
    url = fields.String(required=True)


class ElsewhereSchema(Schema):
    """Other mails with the same URL, or with its form and another token; counted to 1,000 each."""

    same_url = fields.Integer(required=True)
    same_shape = fields.Integer(required=True)
    senders = fields.Integer(required=True)
    first_seen = fields.AwareDateTime(required=True)


class FindingSchema(Schema):
    """One tracked URL of a message."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    certainty = fields.String(required=True)
    action = fields.String(required=True)
    why_seen = fields.String(required=True, allow_none=True)
    visible = fields.Boolean(required=True)
    url = fields.String(required=True)
    replacement = fields.String(required=True, allow_none=True)
    element = fields.String(required=True)
    attribute = fields.String(required=True)
    vendor = fields.String(required=True, allow_none=True)
    vendor_name = fields.String(required=True, allow_none=True)
    company = fields.String(required=True, allow_none=True)
    carrier = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class DetailedFindingSchema(FindingSchema):
    """A finding of a message that was asked for by its id.

    What a click tells is worked out for the first 100 links of a message, `elsewhere` for its first 100
    findings, links last.
    """

    tells = fields.List(fields.Nested(ToldSchema), required=True)
    layers = fields.List(fields.Nested(LayerSchema), required=True)
    removed = fields.List(fields.String(), required=True)
    elsewhere = fields.Nested(
        ElsewhereSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null where no other mail holds it; evidence, no verdict rests on it"},
    )


class MessageSchema(Schema):
    """All that the ledger knows of one message."""

    id = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    message_id = fields.String(required=True, allow_none=True)
    date = fields.AwareDateTime(required=True, allow_none=True)
    subject = fields.String(required=True)
    sender = fields.Nested(SenderSchema, required=True, allow_none=True)
    first_seen = fields.AwareDateTime(required=True)
    last_seen = fields.AwareDateTime(required=True)
    views = fields.Integer(required=True)
    fetched = fields.Integer(required=True)
    route = fields.String(required=True)
    clients = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "mail programs that fetched it, by their own names for themselves"},
    )
    notes = fields.List(fields.String(), required=True)
    counts = fields.Nested(CountsSchema, required=True)
    vendors = fields.List(fields.Nested(VendorSchema), required=True)
    findings = fields.List(fields.Nested(FindingSchema), required=True)


class DetailedMessageSchema(MessageSchema):
    """A message, its findings in detail."""

    findings = fields.List(fields.Nested(DetailedFindingSchema), required=True)


class MessagesSchema(Schema):
    """Messages, those most strongly named by the aliases first."""

    messages = fields.List(fields.Nested(MessageSchema), required=True)
