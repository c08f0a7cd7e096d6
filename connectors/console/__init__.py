"""The console: the desk of supporters and leads in a browser. `docs/console.md` has its protocol."""

from connectors.console.options import ConsoleOptions, SearchResources
from connectors.console.routes import console_routes

__all__ = ["ConsoleOptions", "SearchResources", "console_routes"]
