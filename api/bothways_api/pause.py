"""PUT and DELETE /api/v1/pause: let mail through as it is for a while; what is fetched then stays so."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bothways_api.guard import ledger

LONGEST = timedelta(days=7)
blueprint = Blueprint("pause", __name__, url_prefix="/api/v1", description="Pausing")


class PauseSchema(Schema):
    """Until when, or for how many minutes: one of the two, at most a week ahead."""

    until = fields.AwareDateTime()
    minutes = fields.Integer(strict=True, validate=validate.Range(1, int(LONGEST.total_seconds()) // 60))

    @validates_schema
    def check_one(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse both, neither, and a moment that is past or too far."""
        if len(data) != 1:
            raise ValidationError("one_of_until_and_minutes")
        now = datetime.now(UTC)
        if "until" in data and not now < data["until"] <= now + LONGEST:
            raise ValidationError("out_of_range", "until")


class PausedSchema(Schema):
    """Until when cleaning is paused, null when it is not."""

    paused_until = fields.AwareDateTime(required=True, allow_none=True)


@blueprint.route("/pause", methods=["PUT"])
@blueprint.arguments(PauseSchema)
@blueprint.response(200, PausedSchema)
def pause(asked: dict[str, Any]) -> dict[str, Any]:
    """Pause cleaning."""
    until = asked.get("until") or datetime.now(UTC) + timedelta(minutes=asked["minutes"])
    ledger().pause(until)
    return {"paused_until": ledger().paused_until()}


@blueprint.route("/pause", methods=["DELETE"])
@blueprint.response(200, PausedSchema)
def resume() -> dict[str, Any]:
    """Go on cleaning at once."""
    ledger().resume()
    return {"paused_until": ledger().paused_until()}
