"""Errors as codes: `{"error": "not_found"}`, for a person's words to be found by whoever shows them."""

from typing import Any

from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException, MethodNotAllowed

CODES = {
    400: "bad_request",
    401: "not_paired",
    403: "refused",
    404: "not_found",
    405: "method_not_allowed",
    410: "expired",
    413: "too_large",
    415: "not_json",
    422: "invalid",
}


class ErrorSchema(Schema):
    """What an error looks like."""

    error = fields.String(required=True, metadata={"description": "a stable code"})
    fields_ = fields.Dict(data_key="fields", metadata={"description": "what is wrong, by field"})
    tries_left = fields.Integer(metadata={"description": "with wrong_code"})


class CodedApi(Api):
    """flask-smorest's Api with our errors."""

    ERROR_SCHEMA = ErrorSchema

    def handle_http_exception(self, error: HTTPException) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Answer any HTTP error, ours or the framework's, with its code."""
        status = error.code or 500
        payload: dict[str, Any] = {"error": CODES.get(status, "failed" if status < 500 else "internal")}
        told = getattr(error, "data", None) or {}
        if "messages" in told:
            payload["fields"] = told["messages"]
        allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
        return payload, status, {"Allow": ", ".join(allowed)} if allowed else {}
