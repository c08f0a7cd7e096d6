"""The steps of the whole path as two people go it: a seeker in one browser, a supporter in another, the bot between."""

from __future__ import annotations

from functools import partial

from playwright.async_api import expect

from handoff.core.conversation import Conversation, Phase
from handoff.core.entries import EntryKind, Speaker
from tests.journey.line import Line, eventually
from tests.journey.pages import ChatPage, DeskPage, Windows
from tests.journey.processes import MakeRun

TROUBLE = "ive been having panic attacks at work and cant sleep"
NOTE = "sounds tired, ask about the nights"


async def talks_with_the_bot(chat: ChatPage) -> None:
    await chat.tap("Yes, that's okay")
    for words, answer in [
        ("im sam", "What brings you here"),
        ("wait, is this free?", "free"),
        (TROUBLE, "How heavy"),
        ("about an 8", "language"),
        ("english", "country"),
        ("uk", "supporter"),
        ("someone my age", "May I show the supporter"),
    ]:
        await chat.write(words)
        await eventually(partial(answered, chat, words, answer), f"{answer!r} to {words!r}")
    await chat.write("yes")
    await expect(chat.page.locator(".kind-resource").first).to_be_visible()


async def answered(chat: ChatPage, words: str, answer: str) -> bool:
    """Whether the answer stands behind these words."""
    shown = await chat.shown()
    return words in shown and any(answer in each for each in shown[shown.index(words) + 1 :])


async def asks_for_a_person(chat: ChatPage) -> None:
    await chat.write("I want a person")
    await chat.hears("no supporter is here right now")
    await expect(chat.page.get_by_role("region", name="While you wait")).to_be_visible()


async def comes_to_the_desk(run: MakeRun, windows: Windows) -> DeskPage:
    """Put on the roster and given a link by `warmline` commands, as a lead would; then the switch to Here."""
    run.command("supporters", "add", "--name", "Mira", "--id", "mira")
    desk = await windows.desk(run.command("signin-link", "mira"))
    await expect(desk.page.locator(".offer")).to_have_count(0)
    await desk.page.get_by_text("Here", exact=True).click()
    return desk


async def sees_the_offer_without_words(desk: DeskPage, conversation: str) -> None:
    offer = desk.offer(conversation)
    await expect(offer).to_contain_text("anxiety, work or study")
    for word in ("Sam", "panic", "person"):
        await expect(offer).not_to_contain_text(word)


async def reads_what_was_said(desk: DeskPage, conversation: str) -> None:
    room = desk.room(conversation)
    await expect(room.get_by_role("heading", name="Sam")).to_be_visible()
    assert TROUBLE in await room.locator(".words").all_text_contents()


async def talk(chat: ChatPage, desk: DeskPage, conversation: str) -> None:
    await chat.hears("Mira is here: a trained peer supporter")
    await desk.write(conversation, "Hello Sam, I am Mira. I have time for you.")
    await expect(chat.page.locator(".from-supporter .by").last).to_have_text("Mira supporter, a person")
    await chat.hears("Hello Sam, I am Mira. I have time for you.")
    await expect(chat.page.locator("#stance")).to_have_text("Mira is with you")
    await chat.write("hi mira, its the nights that are worst")
    await expect(desk.room(conversation).locator(".from-seeker .words").last).to_have_text(
        "hi mira, its the nights that are worst"
    )


async def sends_a_note_and_a_resource(chat: ChatPage, desk: DeskPage, conversation: str) -> None:
    await desk.page.get_by_label("Private note, not sent to Sam").fill(NOTE)
    await desk.page.get_by_role("button", name="Keep as note").click()
    await expect(desk.page.locator(".note .words")).to_have_text(NOTE)
    before = await chat.page.locator(".from-supporter.kind-resource").count()
    await desk.room(conversation).locator(".composer-box").focus()
    await desk.page.keyboard.press("Alt+s")
    await desk.page.get_by_role("button", name="Send to Sam").first.click()
    await expect(desk.page.get_by_role("dialog").get_by_text("Sent.")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(chat.page.locator(".from-supporter.kind-resource")).to_have_count(before + 1)


async def closes(desk: DeskPage, conversation: str) -> None:
    await desk.page.get_by_role("button", name="Close… the conversation with Sam").click()
    await desk.page.get_by_label("They were listened to").check()
    await desk.page.get_by_role("button", name="Close the conversation").click()
    await expect(desk.room(conversation)).to_have_count(0)


async def gives_feedback(chat: ChatPage) -> None:
    form = chat.page.get_by_role("region", name="How was it for you?")
    await form.get_by_role("group", name="How helpful").get_by_label("Quite").check()
    await form.get_by_role("group", name="how do you feel now").get_by_label("7", exact=True).check()
    await form.get_by_label("Anything you would like").fill("lighter than before")
    await form.get_by_role("button", name="Send feedback").click()
    await expect(form).to_have_text("Thank you. This helps us do better.")
    assert NOTE not in await chat.page.content()


async def everything_is_kept(line: Line, known: Conversation) -> None:
    feedback = await line.recorded("feedback", conversation=known.id)
    assert (feedback["rating"], feedback["mood_after"]) == (4, 7)
    assert line.sealer.open(feedback["words"]).decode() == "lighter than before"
    row = await line.recorded("conversations", id=known.id)
    assert (row["outcome"], row["supporter"]) == ("supported", "mira")
    consent = await line.recorded("consents", conversation=known.id)
    assert consent["given"] == 1
    sealed = (await line.recorded("transcripts", conversation=known.id))["words"]
    assert b"panic" not in sealed
    kept = line.opened(sealed)
    assert TROUBLE in [each["text"] for each in kept["feed"]]
    assert [each["text"] for each in kept["margin"] if each["kind"] == EntryKind.NOTE] == [NOTE]
    assert NOTE not in [each.text for each in await line.feed(known.id)]
    bots = [each.seq for each in await line.feed(known.id) if each.speaker is Speaker.BOT]
    joined = next(each.seq for each in await line.feed(known.id) if "Mira is here" in each.text)
    assert max(bots) < joined
    assert (await line.conversation(known.id)).phase is Phase.CLOSED
