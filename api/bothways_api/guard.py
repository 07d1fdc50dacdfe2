"""Who may ask, and how an answer is sent.

A loopback API can be reached by every page that a browser on this machine shows, and a page that came through
a loopback proxy is not even held back by Local Network Access. So:

- The token decides; a page never has one. Everything under /api/ needs it but the few endpoints named here.
- The Host must be ours (TRUSTED_HOSTS): a rebound name gets 400.
- Sec-Fetch-Site `cross-site` and `same-site` are refused. Measured for GET, POST, PUT and DELETE, from popup
  and background: an extension with host permission sends `none` in Chromium 156, `same-origin` in Firefox
  and Thunderbird 153; a page of another port sends `same-site`, any other page `cross-site`. Programs send
  no such header.
- No Access-Control header is ever sent, on OPTIONS neither: no page reads an answer, no preflight succeeds.
- POST and PUT carry JSON, which no form can send; nothing is changed by a GET.

Origin is no gate: an extension's GET carries none, and Firefox's is random in each installation.
"""

from bothways.ledger import Ledger
from bothways.ledger.pairing import Client
from flask import Flask, Response, abort, current_app, g, request

MAX_BODY = 64 * 1024
TRUSTED_HOSTS = ["127.0.0.1", "localhost"]
OPEN_ENDPOINTS = frozenset({"health.tell_health", "pairing.pair", "api-docs.openapi_json"})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def install_guard(app: Flask) -> None:
    """Put the guard before every request and its headers on every answer, errors included."""
    app.config["TRUSTED_HOSTS"] = TRUSTED_HOSTS
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.before_request(refuse_other_sites)
    app.before_request(refuse_other_content)
    app.before_request(require_client)
    app.after_request(set_headers)


def refuse_other_sites() -> None:
    """Refuse what a page of another site or port asks for; it may only lead the reader to our own pages."""
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"} and not _is_link_to_page():
        abort(403)


def refuse_other_content() -> None:
    """Take a body as JSON only."""
    if request.method in {"POST", "PUT", "PATCH"} and not request.is_json:
        abort(415)


def require_client() -> None:
    """Find the client by its token; under /api/ nothing is told without."""
    g.client = find_client()
    guarded = request.path.startswith("/api/") and request.endpoint not in OPEN_ENDPOINTS
    if guarded and g.client is None:
        abort(401)


def find_client() -> Client | None:
    """Give the paired client whose token the request carries."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    return ledger().client_of(token.strip())


def ledger() -> Ledger:
    """Give the ledger that this app tells of."""
    kept = current_app.extensions["bothways_ledger"]
    assert isinstance(kept, Ledger)
    return kept


def set_headers(response: Response) -> Response:
    """Say on every answer what a browser must not do with it."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _is_link_to_page() -> bool:
    return (
        request.method == "GET"
        and not request.path.startswith("/api/")
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
