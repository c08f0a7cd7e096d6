"""Words that mean danger get the card, however they come, and whatever else is broken."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.telegram.fetching import ComesAgain
from tests.service.house import CRISIS_WORD
from tests.telegram.house import PRIVATE, WHO, Ann

VIDEO = {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
CARD = "Are you safe right now?"
EARLIER = {"message_id": 900, "date": 1, "chat": PRIVATE, "from": WHO, "text": "?"}
SAID: list[dict[str, Any]] = [
    {"text": CRISIS_WORD},
    {"text": CRISIS_WORD, "reply_to_message": EARLIER},
    {"text": f"/start {CRISIS_WORD}"},
    {"text": f"/help {CRISIS_WORD}"},
    {"text": f"/stop {CRISIS_WORD}"},
    {"video": VIDEO, "caption": CRISIS_WORD},
    {"photo": PHOTO, "caption": CRISIS_WORD},
    {"text": "/urgent"},
]


def cards(ann: Ann) -> list[str]:
    return [each for each in ann.api.texts() if CARD in each]


@pytest.mark.parametrize("sent", SAID)
async def test_danger_is_heard_wherever_it_stands(ann: Ann, sent: dict[str, Any]) -> None:
    ann.api.files["p"] = b"a picture"
    await ann.sends(**sent)
    await ann.hears()
    assert len(cards(ann)) == 1


@pytest.mark.parametrize("sent", SAID)
async def test_with_the_store_down_the_card_comes_at_once_and_once(ann: Ann, sent: dict[str, Any]) -> None:
    ann.store.down = True
    update = ann.message(**sent)
    assert await ann.is_refused(update)
    assert await ann.is_refused(update)
    assert len(cards(ann)) == 1


async def test_urgent_help_on_a_button_needs_no_store(ann: Ann) -> None:
    ann.store.down = True
    with pytest.raises(ComesAgain):
        await ann.touches("warmline:urgent", "Urgent help")
    assert len(cards(ann)) == 1


async def test_what_was_shown_while_nothing_could_be_saved_is_saved_when_it_comes_again(ann: Ann) -> None:
    ann.store.down = True
    update = ann.message(text=CRISIS_WORD)
    assert await ann.is_refused(update)
    ann.store.down = False
    assert not await ann.is_refused(update)
    assert CRISIS_WORD in await ann.said()
    assert await ann.cards()


async def test_whoever_hears_nothing_for_long_is_told_that_nothing_is_lost(ann: Ann) -> None:
    ann.store.down = True
    update = ann.message(text="hello")
    for _ in range(5):
        assert await ann.is_refused(update)
    assert ann.api.texts() == [ann.telegram.options.say("not_saved", "en")]


async def test_words_that_come_with_a_command_are_kept(ann: Ann) -> None:
    await ann.says("/talk i can't do this alone")
    assert "/talk i can't do this alone" in await ann.said()
    await ann.says("/start hello there")
    assert "hello there" in await ann.said()


async def test_another_country_is_chosen_under_the_card(ann: Ann) -> None:
    await ann.says("/urgent")
    await ann.hears()
    await ann.touches("countries", "I'm in another country")
    await ann.hears()
    keys = ann.api.of("sendMessage")[-1]["reply_markup"]["inline_keyboard"]
    assert {"text": "🇪🇸 Spain", "callback_data": "warmline:urgent:ES"} in [key for row in keys for key in row]
    await ann.touches("warmline:urgent:ES", "🇪🇸 Spain")
    assert (await ann.talk_here()).country == "ES"
    assert len(await ann.hears()) > 0
    assert len(cards(ann)) == 2
