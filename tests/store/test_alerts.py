"""Alerts: open until a lead closes them, one of a kind for each conversation."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.effects import Alert
from handoff.ports import Store
from tests.store.making import NOW, save


def alert(kind: str = "crisis", conversation: str = "c1", at: float = NOW, text: str = "look here") -> Alert:
    return Alert(kind=kind, conversation=conversation, at=at, text=text, urgent=kind == "crisis")


async def test_alerts_come_oldest_first_and_whole(store: Store) -> None:
    later, sooner = alert("escalated", "c2", NOW + 5), alert()
    await save(store, alerts=(later, sooner))
    assert await store.alerts() == [sooner, later]
    assert (await store.counts())["alerts"] == 2


async def test_one_of_a_kind_is_open_with_its_newest_words_and_urgency_and_is_counted(store: Store) -> None:
    await save(store, alerts=(alert(),))
    again = replace(alert(at=NOW + 60, text="again"), urgent=True)
    await save(store, alerts=(again,))
    assert await store.alerts() == [replace(again, times=2)]
    assert (await store.counts())["alerts"] == 1
    assert await store.acknowledge("crisis", "c1")
    assert not await store.acknowledge("crisis", "c1")
    await save(store, alerts=(alert(at=NOW + 90),))
    assert [(each.at, each.times) for each in await store.alerts()] == [(NOW + 90, 1)]


async def test_what_is_over_for_a_conversation_closes_all_its_alerts_and_no_others(store: Store) -> None:
    await save(store, alerts=(alert(), alert("escalated"), alert("crisis", "c2")))
    await save(store, cleared=("c1",))
    assert await store.alerts() == [alert("crisis", "c2")]


async def test_an_alert_raised_while_others_are_cleared_stays(store: Store) -> None:
    await save(store, alerts=(alert("waiting_long"),))
    await save(store, cleared=("c1",), alerts=(alert("supporter_silent"),))
    assert [each.kind for each in await store.alerts()] == ["supporter_silent"]
