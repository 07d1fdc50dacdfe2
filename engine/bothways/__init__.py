"""Bothways: the buyer's side of mail tracking.

    from bothways import clean_message, clean_html, clean_url, restore

What stands behind these names is loaded when they are first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bothways.clean import (
        Cleaned,
        CleanedText,
        clean_html,
        clean_message,
        clean_text,
        clean_url,
        restore,
    )
    from bothways.urls.links import CleanedLink

__version__ = "0.1.0"
__all__ = [
    "Cleaned",
    "CleanedLink",
    "CleanedText",
    "clean_html",
    "clean_message",
    "clean_text",
    "clean_url",
    "restore",
]


def __getattr__(name: str) -> Any:  # PEP 562
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bothways import clean  # noqa: PLC0415 - `import bothways` costs nothing

    return getattr(clean, name)
