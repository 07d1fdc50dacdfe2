"""GET /api/v1/totals: today, since midnight where this machine is, and the last thirty days."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from bothways.ledger import Totals
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from bothways_api.guard import ledger
from bothways_api.schemas import CountsSchema

blueprint = Blueprint("totals", __name__, url_prefix="/api/v1", description="Counts over a time")


class TotalsSchema(CountsSchema):
    """Counts of messages first seen in a time and of their URLs; tracker requests answered in it."""

    messages = fields.Integer(required=True)
    tracked = fields.Integer(required=True)
    open_attempts = fields.Integer(required=True)


class BothTotalsSchema(Schema):
    """Today and the last thirty days."""

    today = fields.Nested(TotalsSchema, required=True)
    days30 = fields.Nested(TotalsSchema, required=True)


@blueprint.route("/totals")
@blueprint.response(200, BothTotalsSchema)
def tell_totals() -> dict[str, Any]:
    """Count what went by."""
    now = datetime.now(UTC)
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    soon = now + timedelta(seconds=1)
    return {
        "today": flatten(ledger().totals(midnight, soon)),
        "days30": flatten(ledger().totals(now - timedelta(days=30), soon)),
    }


def flatten(totals: Totals) -> dict[str, int]:
    """Give totals in the API's form, all counts on one level."""
    return {
        **asdict(totals.counts),
        "messages": totals.messages,
        "tracked": totals.tracked,
        "open_attempts": totals.open_attempts,
    }
