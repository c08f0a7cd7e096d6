"""`warmline review list|show|write|drop`: what supporters and leads marked, and the test cases made of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handoff.screen_cases import CaseError, NewCase, add_case, is_too_close

if TYPE_CHECKING:
    from handoff.reviews import ReviewItem, Reviews

app = typer.Typer(help="Messages that somebody marked as missed risk or false alarm.", no_args_is_help=True)

Item = Annotated[str, typer.Argument(help="The item's id; `warmline review list` shows them.")]
By = Annotated[str, typer.Option("--by", help="Who does this, for the record.")]
_DANGER, _SAFE = 3, 2
"""Without a word about it: what was missed should have been a crisis, what was a false alarm should not."""
_CONSENTS = {True: "their words may be kept", False: "their words may not be kept", None: "they were not asked"}


class _NotFound(Exception):
    """No such item."""


@app.command("list")
def show_all() -> None:
    """Show what waits to be looked at, oldest first, without anybody's words."""

    async def work(reviews: Reviews) -> None:
        items = await reviews.open()
        for each in items:
            day = f"{datetime.fromtimestamp(each.at, UTC):%Y-%m-%d}"
            what = each.verdict.replace("_", " ") or "sample, to be read in the console"
            consent = _CONSENTS[each.consent]
            typer.echo(f"{each.id}  {day}  {what:<34} seen as T{each.tier}  {each.language}  {consent}")
        if not items:
            typer.echo("Nothing waits to be reviewed.")

    _do(work)


@app.command()
def show(item: Item, by: By = "reviewer") -> None:
    """Show one item with the words it is about. That it was read is put on record."""

    async def work(reviews: Reviews) -> None:
        found = await _found(reviews, item)
        await reviews.shown(found, by=by, at=time.time())
        typer.echo(f"{found.verdict.replace('_', ' ')}, seen as T{found.tier}; {_CONSENTS[found.consent]}.\n")
        for turn in found.context:
            typer.echo(f"  before: {turn}")
        typer.echo(f"  marked: {found.words}")

    _do(work)


@app.command()
def write(
    item: Item,
    floor: Annotated[int | None, typer.Option(min=1, max=6, help="A danger: the lowest right tier.")] = None,
    ceiling: Annotated[int | None, typer.Option(min=0, max=5, help="Safe: the highest right tier.")] = None,
    text: Annotated[str, typer.Option(help="The message in your own words; compulsory without their consent.")] = "",
    before: Annotated[list[str] | None, typer.Option(help="A turn before it, in your own words; repeatable.")] = None,
    part: Annotated[str, typer.Option("--slice", help="The slice of the figures it counts in.")] = "reviewed",
    domain: Annotated[str, typer.Option(help="suicide, self_harm, domestic_abuse, ...")] = "",
    subject: Annotated[str, typer.Option(help="self or other.")] = "",
    file: Annotated[Path | None, typer.Option(help="The case file; screen_cases.yml in var without it.")] = None,
    by: By = "reviewer",
) -> None:
    """Write an item into a case file that `python -m models.evaluate_screen` reads, and erase the item.

    Their words leave the encrypted store only with their consent; without it, --text says the same in other words.
    """

    async def work(reviews: Reviews) -> None:
        from handoff.settings import load

        found = await _found(reviews, item)
        words, context = _may_leave(found, text, tuple(before or ()))
        lowest, highest = _label(found, floor, ceiling)
        target = file or load().var / "screen_cases.yml"
        case = NewCase(
            slice=part, text=words, context=context, floor=lowest, ceiling=highest, domain=domain, subject=subject
        )
        add_case(target, case)
        await reviews.done(found.id, by=by, action="review_written", at=time.time())
        typer.echo(f"Written to {target}; the item is erased.")

    _do(work)


@app.command()
def drop(item: Item, by: By = "reviewer") -> None:
    """Erase an item without making a case of it."""

    async def work(reviews: Reviews) -> None:
        found = await _found(reviews, item)
        await reviews.done(found.id, by=by, action="review_dropped", at=time.time())
        typer.echo("The item is erased.")

    _do(work)


async def _found(reviews: Reviews, item: str) -> ReviewItem:
    found = await reviews.item(item)
    if found is None or found.what != "message":
        raise _NotFound(f"There is no marked message {item}. `warmline review list` shows what there is.")
    return found


def _may_leave(item: ReviewItem, text: str, before: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if item.consent and not text:
        return item.words, item.context
    if not text.strip():
        raise CaseError("They did not agree that their words are kept. Say the same in other words with --text.")
    if not item.consent and any(
        is_too_close(new, old) for new in (text, *before) for old in (item.words, *item.context)
    ):
        raise CaseError("That is still their own sentence. Write it anew: other words, no name, no place.")
    return text.strip(), before


def _label(item: ReviewItem, floor: int | None, ceiling: int | None) -> tuple[int | None, int | None]:
    if floor is not None and ceiling is not None:
        raise CaseError("A text is a danger (--floor) or safe (--ceiling), not both.")
    if floor is None and ceiling is None:
        return (_DANGER, None) if item.verdict == "missed_risk" else (None, _SAFE)
    return floor, ceiling


def _do(work: Callable[[Reviews], Awaitable[None]]) -> None:
    from handoff.ports import RecordsDown

    try:
        asyncio.run(_with_reviews(work))
    except (CaseError, _NotFound) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    except RecordsDown:
        message = "The database has no reviews, or does not answer. Start the line once, or correct DATABASE_URL."
        typer.echo(message, err=True)
        raise typer.Exit(1) from None


async def _with_reviews(work: Callable[[Reviews], Awaitable[None]]) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    from handoff.house import make_sealer
    from handoff.reviews import Reviews
    from handoff.settings import load

    settings = load()
    engine = create_async_engine(settings.database_url)
    try:
        await work(Reviews(engine, make_sealer(settings)))
    finally:
        await engine.dispose()
