"""The seeker's web chat: page, widget, WebSocket. `docs/web-protocol.md` has its protocol."""

from connectors.web.options import WebOptions
from connectors.web.routes import web_routes

__all__ = ["WebOptions", "web_routes"]
