"""`serve`, `doctor` and `secrets`: running the service, and finding out why it does not run."""

from __future__ import annotations

import asyncio
from functools import partial

import typer
from fastapi import FastAPI

from handoff import logs
from handoff.running import own_secrets
from handoff.running.crashes import leave_no_core
from handoff.settings import Settings, SettingsError, load

_GRACE_SECONDS = 5
_LONGEST_FRAME_BYTES = 1_000_000


def serve() -> None:
    """Serve web chat, console and the bot's questions until stopped. Keys that open too little are told at once."""
    leave_no_core()
    settings = load()
    from handoff.main import create_app
    from handoff.rotation import require_keys

    logs.configure(settings.log_level, as_json=settings.log_json, folder=settings.var / "log")
    asyncio.run(require_keys(settings))
    app = create_app(settings)
    logs.traced_by(app.state.house.watch.trace)
    run(app, settings)


def run(app: FastAPI, settings: Settings) -> None:
    """Serve this application at the address of the settings until stopped; then let go in order."""
    import uvicorn

    from handoff.draining import drain
    from handoff.patience import PatientProtocol
    from handoff.serving import Server

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.public_url is not None,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws_max_size=_LONGEST_FRAME_BYTES,
        ws_per_message_deflate=False,  # a chat's short frames hardly shrink, and each connection would keep its window
    )
    Server(config, partial(drain, app.state.house)).run()


def doctor() -> None:
    """Look at everything a line needs; each fault is shown with its cure. Exit code 1 when something is broken."""
    from handoff.doctor import broken, examine, unreadable_settings
    from handoff.doctor_content import content

    try:
        findings = asyncio.run(examine(load())) + content()
    except SettingsError as failure:
        findings = unreadable_settings(failure.lines)
    for finding in findings:
        typer.echo("\n".join(finding.lines()))
    if broken(findings):
        raise typer.Exit(1)


def secrets() -> None:
    """Print fresh secrets in the form that .env takes."""
    for name, value in own_secrets.fresh().items():
        typer.echo(f"{name}={value}")
