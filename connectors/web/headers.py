"""What browsers are told about our pages: no script or style but our own, no outside request, no trace."""

from __future__ import annotations

from collections.abc import Sequence

STATIC = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

EMBED = {**STATIC, "Cross-Origin-Resource-Policy": "cross-origin"}
"""The one file that another site's page loads."""


def page(allowed_origins: Sequence[str]) -> dict[str, str]:
    """The headers of the chat page; `allowed_origins` may show it in a frame."""
    return {
        **STATIC,
        "Content-Security-Policy": _policy(allowed_origins),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "Cache-Control": "no-store",
    }


def _policy(allowed_origins: Sequence[str]) -> str:
    ancestors = " ".join(("'self'", *allowed_origins))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
