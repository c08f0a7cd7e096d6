"""`supporters add|list|remove` and `signin-link`: who may sit at the desk."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from handoff.core.supporter import Role, Supporter, Training
from handoff.ports import Front, Store, StoreDown
from handoff.resources import TOPICS
from handoff.roster import RosterError, remove, save, sign_in_link, supporter_id
from handoff.settings import Settings, load

app = typer.Typer(help="Who may sit at the desk.", no_args_is_help=True)

DEMO = Supporter(id="demo", name="Robin", role=Role.LEAD, training=Training.SENIOR, minors=True)
"""For trying Warmline out: a lead with every clearance, so that everything can be seen."""

_SLACK_PERSON = re.compile(r"T[A-Z0-9]+/[UW][A-Z0-9]+")

_T = TypeVar("_T")
Work = Callable[[Front, Store, Settings], Awaitable[_T]]


class Level(StrEnum):
    """`Training`, as it is typed."""

    BASIC = "basic"
    CRISIS = "crisis"
    SENIOR = "senior"


@app.command()
def add(
    name: Annotated[str, typer.Option(help="The first name that seekers see.")],
    own_id: Annotated[str, typer.Option("--id", help="A short id; made from the name when it is not given.")] = "",
    lead: Annotated[bool, typer.Option("--lead", help="May supervise: sees alerts, may take over.")] = False,
    language: Annotated[list[str] | None, typer.Option(help="A language they support people in; repeatable.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="A topic of special experience; repeatable.")] = None,
    not_topic: Annotated[list[str] | None, typer.Option(help="A topic not to be offered; repeatable.")] = None,
    trait: Annotated[list[str] | None, typer.Option(help="What a seeker may wish for; repeatable.")] = None,
    training: Annotated[Level, typer.Option(help="What they were trained to hold alone.")] = Level.BASIC,
    minors: Annotated[bool, typer.Option("--minors", help="Cleared to support people under 18.")] = False,
    capacity: Annotated[int | None, typer.Option(min=1, max=20, help="Conversations held at once.")] = None,
    slack: Annotated[str, typer.Option(help="Who they are in Slack: TEAM/USER, such as T0123/U0456.")] = "",
) -> None:
    """Add a supporter, or change one: the profile with this id is written anew."""

    async def work(front: Front, store: Store, settings: Settings) -> None:
        _known_topics([*(topic or ()), *(not_topic or ())])
        profile = Supporter(
            id=own_id or supporter_id(name),
            name=name,
            role=Role.LEAD if lead else Role.SUPPORTER,
            languages=tuple(language or [settings.language]),
            topics=tuple(topic or ()),
            opted_out=tuple(not_topic or ()),
            traits=tuple(trait or ()),
            training=Training[training.name],
            minors=minors,
            slack=_slack_person(slack),
            capacity=capacity or settings.policy().default_capacity,
        )
        await save(front, profile)
        typer.echo(f"{name} is on the roster. For a sign-in link: warmline signin-link {profile.id}")

    _do(work)


@app.command("list")
def show() -> None:
    """Show everybody on the roster: id, name, role, training, languages, capacity, and whether they are here now."""

    async def work(front: Front, store: Store, settings: Settings) -> None:
        everybody, now = await store.supporters(), time.time()
        for each in everybody:
            here = each.presence.value if each.is_here(now) else "not here"
            about = f"{each.role.value}, {each.training.name.lower()}, {' '.join(each.languages)}"
            typer.echo(f"{each.id:<20} {each.name:<20} {about}, {len(each.holding)} of {each.capacity} held, {here}")
        if not everybody:
            typer.echo("Nobody yet. Add one: warmline supporters add --name Sam")

    _do(work)


@app.command("remove")
def take_off(supporter: Annotated[str, typer.Argument(help="The supporter's id.")]) -> None:
    """End a supporter's access at once. People they talk with go back to the queue."""

    async def work(front: Front, store: Store, settings: Settings) -> None:
        await remove(front, store, supporter)
        typer.echo(f"{supporter} was removed and signed out; people they talked with go back to the queue.")

    _do(work)


def signin_link(
    supporter: Annotated[str, typer.Argument(help="The supporter's id; `warmline supporters list` shows them.")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="For the demo supporter, who is added when missing.")] = False,
) -> None:
    """Print an address that signs a supporter in to the console: once, within 15 minutes."""

    async def work(front: Front, store: Store, settings: Settings) -> None:
        if demo and await store.supporter(DEMO.id) is None:
            await save(front, DEMO)
        wanted = DEMO.id if demo else supporter
        if not wanted:
            raise RosterError("Give the supporter's id; `warmline supporters list` shows them.")
        typer.echo(await sign_in_link(store, wanted, settings.base_url(), time.time()))

    _do(work)


def _known_topics(given: list[str]) -> None:
    unknown = [each for each in given if each not in TOPICS]
    if unknown:
        raise RosterError(f"{', '.join(unknown)}: no topic of ours. Take of these: {', '.join(sorted(TOPICS))}.")


def _slack_person(given: str) -> str:
    if given and not _SLACK_PERSON.fullmatch(given):
        raise RosterError("--slack wants TEAM/USER, such as T0123/U0456; Slack shows the user's id as their member id.")
    return given


def _do(work: Work[_T]) -> _T:
    settings = load()

    async def run() -> _T:
        async with _desk(settings) as (front, store):
            return await work(front, store, settings)

    try:
        return asyncio.run(run())
    except RosterError as failure:
        typer.echo(str(failure), err=True)
    except StoreDown as failure:
        why = str(failure).rstrip(".")
        typer.echo(f"{why}. Start the line (make run) or correct REDIS_URL; `warmline doctor` tells more.", err=True)
    raise typer.Exit(1)


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[tuple[Front, Store]]:
    from handoff.classifying import full_screen
    from handoff.house import make_front, make_line, make_sealer
    from handoff.store.redis import RedisStore

    line = make_line(settings)
    sealer, copies = make_sealer(settings), settings.redis_wait_replicas
    store = RedisStore(settings.redis_url, settings.line, line.policy, sealer, copies=copies)
    try:
        yield make_front(settings, line, store, full_screen()), store
    finally:
        await store.close()
