"""What comes from Slack: over a socket that we open, or over HTTP with signatures. Saved first, acknowledged after."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from connectors.slack import answers, home
from connectors.slack.calls import Calls
from connectors.slack.clicks import Clicks, home_poke
from connectors.slack.commands import Commands
from connectors.slack.deeds import Asked, Deeds
from connectors.slack.inbox import Inbox
from connectors.slack.intake import LANES, Intake
from connectors.slack.kept import Kept
from connectors.slack.missed import Missed
from connectors.slack.names import COMMAND, COMMAND_NOTE, SHORTCUT_NOTE, SHORTCUTS_MARK
from connectors.slack.options import SlackOptions
from connectors.slack.people import People
from connectors.slack.room import Room, failed_to_carry
from connectors.slack.socket_mode import Socket
from connectors.slack.submissions import Submissions
from connectors.slack.welcome import GREET, Welcomes
from handoff.carrying import Carried, Route
from handoff.core.events import SupporterRemoved
from handoff.ports import Commit, DeliveryFailed, Front, LaneHold, Shelf, Store, StoreDown

_log = logging.getLogger(__name__)

_ANY = re.compile(".*")
_TRY_AGAIN = 503
_TRIED = "x-slack-retry-num"
"""How often Slack has sent this before: a header over HTTP, made one by Bolt where it came over a socket."""
_NO_PAYLOAD = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


class Inbound:
    """Everything that supporters do in Slack, as events of ours."""

    def __init__(
        self, front: Front, store: Store, shelf: Shelf, options: SlackOptions, calls: Calls, room: Room | None = None
    ) -> None:
        self._options = options
        kept = Kept(store, options.policy.retention_seconds)
        self._room = room or Room(store, front, calls, kept, options)
        people = People(self._room)
        deeds = Deeds(self._room, people)
        self._people = people
        self._deeds = deeds
        self._intake = Intake(self._room)
        self._missed = Missed(self._room, self._intake)
        self._inbox = Inbox(self._room, people, shelf)
        self._welcomes = Welcomes(self._room)
        self._clicks = Clicks(deeds, options)
        self._submissions = Submissions(deeds)
        self._commands = Commands(deeds, self._submissions)
        self._in_turn = asyncio.Lock()
        self.app = self._listening(calls)
        self._socket = Socket(self.app, options, self._room.troubled)

    def routes(self) -> Sequence[Route]:
        """The lanes of what was written, and of whom to greet."""
        return (Route(LANES, self._carry, most=20),)

    def router(self) -> APIRouter:
        """POST /slack/events: events, clicks and commands, with signatures. 503 when nothing could be saved."""
        handler = AsyncSlackRequestHandler(self.app)
        routes = APIRouter(include_in_schema=False)

        @routes.post("/slack/events")
        async def take(request: Request) -> Response:
            try:
                return await handler.handle(request)
            except _NO_PAYLOAD as error:  # Bolt reads a body before it looks whose it is, and trips over what is none
                _log.warning("slack_payload_unreadable", extra={"kind": type(error).__name__})
                return Response(status_code=400)

        return routes

    async def run(self) -> None:
        """Keep a socket open, where there is a token for one, and the other processes told of our doubts."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._socket.run())
            group.create_task(self._missed.run())

    async def close(self) -> None:
        """Let go of the socket."""
        await self._socket.close()

    async def _carry(self, hold: LaneHold) -> Carried:
        if hold.parcels[0].kind == GREET:
            return await self._welcomes.carry(hold)
        if settles := self._socket.settles():
            self._missed.doubt()
            return Carried(retry=settles, told=True)
        try:
            if await self._missed.fetched(hold):
                return Carried(retry=0.0, told=True)
        except DeliveryFailed as failed:
            return failed_to_carry(hold, failed)
        return await self._inbox.carry(hold)

    def _listening(self, calls: Calls) -> AsyncApp:
        """Every listener returns before Slack hears that we have it: that is `process_before_response`."""
        app = AsyncApp(
            logger=_quiet(),
            client=calls.client,
            authorize=_authorizing(calls, self._options.bot_token),
            signing_secret=self._options.signing_secret or uuid.uuid4().hex,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            request_verification_enabled=True,
        )
        app.error(_not_saved)
        for name, listener in (
            ("message", self._message), ("reaction_added", self._reaction), ("app_home_opened", self._home_opened),
            ("user_change", self._person_changed), ("tokens_revoked", self._revoked),
            ("app_uninstalled", self._revoked),
        ):  # fmt: skip
            app.event(name)(listener)
        app.action(_ANY)(self._click)
        app.view(_ANY)(self._submit)
        app.command(COMMAND)(self._command)
        app.command(COMMAND_NOTE)(self._command)
        for shortcut in (SHORTCUT_NOTE, *SHORTCUTS_MARK):
            app.shortcut(shortcut)(self._shortcut)
        return app

    # --- events: no acknowledgement when nothing was saved ------------------------------------------------------------

    async def _message(self, body: dict[str, Any], event: dict[str, Any], request: AsyncBoltRequest) -> None:
        """One after another: a socket's events are heard all at once, and the second must not be saved before the
        first. What comes a second time tells that another process, or an answer, did not arrive."""
        if request.headers.get(_TRIED, ["0"])[0] != "0":
            self._missed.doubt()
        async with self._in_turn:
            try:
                await self._intake.message(body["team_id"], event)
            except (StoreDown, DeliveryFailed):
                self._missed.doubt()
                raise

    async def _reaction(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        async with self._in_turn:
            await self._intake.reaction(body["team_id"], event, body.get("event_id", ""))

    async def _home_opened(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        who = await self._people.known(body["team_id"], event["user"])
        if who is None:
            await self._deeds.soon(self._show_stranger(event["user"]))
            return
        event_id = f"slack:event:{body.get('event_id', '')}"
        poke = home_poke(event_id, who.id)
        await self._room.store.commit(Commit(event_id=event_id, parcels=(poke,)), self._room.front.clock())

    async def _show_stranger(self, user: str) -> None:
        try:
            view = home.stranger(self._options.words)
            await self._room.calls.call("views.publish", user_id=user, view=view)
        except DeliveryFailed as failed:
            _log.info("home_not_shown", extra={"reason": str(failed)})

    async def _person_changed(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        """Somebody who was deactivated has no access any more, at once."""
        user = event.get("user") or {}
        if not user.get("deleted"):
            return
        who = await self._people.known(user.get("team_id") or body["team_id"], user["id"])
        if who is not None:
            event_id = f"slack:event:{body.get('event_id', '')}"
            await self._room.store.end_sessions(supporter=who.id)
            await self._room.front.handle(SupporterRemoved(id=event_id, supporter=who.id, left=True))

    async def _revoked(self, event: dict[str, Any]) -> None:
        """We work with the bot's token alone; one that a person took back is none of ours."""
        if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return
        self._room.calls.health = "revoked"
        _log.error("slack_state", extra={"state": "revoked", "next": "install the app again, with the new token"})

    # --- interactions: somebody waits in front of it, so they are told ------------------------------------------------

    async def _click(self, ack: Any, body: dict[str, Any]) -> None:
        try:
            await self._clicks.click(body)
        except StoreDown:
            await self._sorry(body)
        await ack()

    async def _submit(self, ack: Any, body: dict[str, Any]) -> None:
        try:
            errors = await self._submissions.submit(body)
        except StoreDown:
            blocks = body["view"].get("blocks") or [{}]
            first = next((each["block_id"] for each in blocks if each.get("type") == "input"), "")
            errors = {first: self._options.words.say("refused", "store_down")} if first else None
            if not first:
                await self._sorry(body)
        await (ack(response_action="errors", errors=errors) if errors else ack())

    async def _command(self, ack: Any, body: dict[str, Any]) -> None:
        try:
            said = await self._commands.command(body)
        except StoreDown:
            said = answers.refused(self._options.words, "store_down")
        await (ack(**said) if said else ack())

    async def _shortcut(self, ack: Any, body: dict[str, Any]) -> None:
        try:
            await self._commands.shortcut(body)
        except StoreDown:
            await self._sorry(body)
        await ack()

    async def _sorry(self, body: dict[str, Any]) -> None:
        """Said without the store, to whoever clicked."""
        await self._deeds.tell(Asked.of(body), answers.refused(self._options.words, "store_down"))


def _authorizing(calls: Calls, token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Who we are. Bolt's own way acknowledges what was never saved when `auth.test` is refused; this one raises.

    One asks while the others wait in line, so that the first events stay in order.
    """
    in_turn = asyncio.Lock()

    async def authorize(team_id: str) -> AuthorizeResult:
        async with in_turn:
            me = await calls.me()
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_id=me.bot, bot_user_id=me.user, bot_token=token)

    return authorize


async def _not_saved(error: Exception) -> BoltResponse:
    """No acknowledgement: Slack sends it again. Our log shows where a failure was, never what it was about."""
    if isinstance(error, StoreDown | DeliveryFailed):
        _log.warning("slack_event_not_saved", extra={"kind": type(error).__name__})
    else:
        _log.error("slack_listener_broke", exc_info=error)
    return BoltResponse(status=_TRY_AGAIN, body="")


def _quiet() -> logging.Logger:
    """Bolt's own log shows bodies when asked to; it is never asked."""
    quiet = logging.getLogger("slack_bolt.quiet")
    quiet.setLevel(logging.CRITICAL + 1)
    return quiet
