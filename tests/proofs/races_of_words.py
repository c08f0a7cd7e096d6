"""Races of words and deadlines: what is said is kept once, and nobody is told twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.entries import Speaker
from handoff.core.ids import Address
from handoff.deadlines import sweep
from handoff.ports import Reply
from handoff.store.redis import RedisStore
from tests.proofs.desk import Desk, staff
from tests.proofs.race import Set, at_desk, claims, done, fronts, overdue, writes


async def one_update_sent_twice(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    seeker = desk.seekers[held.id]

    async def check(replies: list[Reply]) -> None:
        assert sorted(each.duplicate for each in replies) == [False, True]
        assert (await desk.texts(held.pseudonym)).count("are you there") == 1

    return Set([writes(front, seeker) for front in fronts(desk, stores[:2])], check)


async def two_first_words(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Two tabs of somebody nobody knows yet: one conversation, both messages in it."""
    await desk.begins(*staff("sam"))
    seeker = Address("telegram", "new")
    one, two = fronts(desk, stores[:2])

    async def check(replies: list[Reply]) -> None:
        assert done(replies) == 2
        talk = await desk.current(seeker)
        texts = await desk.texts(talk.pseudonym)
        assert (texts.count("one"), texts.count("two")) == (1, 1)

    return Set([writes(one, seeker, "one"), writes(two, seeker, "two")], check)


async def the_bot_answers_while_somebodyclaims(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """No line of the bot after a supporter has the word."""
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")
    one, two = fronts(desk, stores[:2])
    answer = e.BotReplied(id="reply", conversation=talk.id, epoch=talk.epoch, messages=(e.BotMessage("the bot"),))

    async def check(replies: list[Reply]) -> None:
        now = await desk.talk(talk.id)
        assert now.phase is Phase.LIVE
        feed = await desk.store.feed(talk.pseudonym)
        said = [n for n, each in enumerate(feed) if each.speaker is Speaker.BOT and each.text == "the bot"]
        came = [n for n, each in enumerate(feed) if each.id.startswith("claim:")]
        assert not said or said[0] < came[0], "the bot talked over a person"

    return Set([lambda: one.handle(answer), claims(two, "sam", talk.id)], check)


async def a_claim_and_a_long_wait(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    await desk.begins(*staff("sam"))
    talk = await desk.waits("ana")
    await overdue(desk, talk, Deadline.WAIT_LONG)
    one, two = fronts(desk, stores[:2])

    async def check(replies: list[Any]) -> None:
        assert replies[0].refused is None
        now = await desk.talk(talk.id)
        assert now.phase is Phase.LIVE
        assert Deadline.WAIT_LONG not in now.deadlines

    return Set([claims(one, "sam", talk.id), lambda: sweep(two, stores[1])], check)


async def a_first_word_and_its_deadline(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Sam's first word at the last moment: either it counts, or Ana waits again and it was refused."""
    await desk.begins(*staff("sam"))
    talk = await desk.held("ana", "sam")
    await overdue(desk, talk, Deadline.FIRST_WORD)
    one, two = fronts(desk, stores[:2])
    clients = [at_desk(one, e.SupporterWrote, "sam", talk, text="here I am"), lambda: sweep(two, stores[1])]

    async def check(replies: list[Any]) -> None:
        now = await desk.talk(talk.id)
        said = (await desk.texts(talk.pseudonym)).count("here I am")
        assert (replies[0].refused is None) == bool(said)
        assert now.phase is (Phase.LIVE if said else Phase.WAITING)

    return Set(clients, check)


async def two_sweeps(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """Every process sweeps: what falls due is one event all the same."""
    await desk.begins(*staff("sam"))
    talk = await desk.held("ana", "sam")
    await overdue(desk, talk, Deadline.FIRST_WORD)
    before = len(await desk.store.feed(talk.pseudonym))
    clients = [
        lambda front=front, store=store: sweep(front, store)
        for front, store in zip(fronts(desk, stores[:2]), stores, strict=False)
    ]

    async def check(replies: list[Any]) -> None:
        now = await desk.talk(talk.id)
        assert now.phase is Phase.WAITING
        told = (await desk.store.feed(talk.pseudonym))[before:]
        assert len({each.text for each in told}) == len(told), "the seeker was told twice"
        assert now.epoch == talk.epoch + 1

    return Set(clients, check)


async def a_settled_deadline_and_a_new_one(desk: Desk, stores: Sequence[RedisStore]) -> Set:
    """An entry read as due is repaired while a commit moves the same deadline: the later time is not lost."""
    await desk.begins(*staff("sam"))
    held = await desk.held("ana", "sam")
    await desk.do(e.SupporterWrote(id="first", supporter="sam", conversation=held.id, text="hello Ana"))
    talk = await desk.talk(held.id)
    kind, at = min(talk.deadlines.items(), key=lambda each: each[1])
    desk.clock.now += 30
    _, two = fronts(desk, stores[:2])
    seeker = desk.seekers[held.id]

    async def check(replies: list[Any]) -> None:
        assert (await desk.texts(talk.pseudonym)).count("are you there") == 1

    return Set([lambda: stores[0].settle_due(kind, talk.id, at), writes(two, seeker)], check)
