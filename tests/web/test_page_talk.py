"""The chat page in a real browser: talking, and everything that can come up in a talk."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from handoff.core import events
from handoff.core.entries import Button, EntryKind, Speaker
from handoff.ports import Notice
from tests.web.conftest import Visitors
from tests.web.fake_front import CARD, CRISIS_WORDS, RESOURCE
from tests.web.house import House, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE_TEXTS = [
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "</p><button>Click me</button>",
    "javascript:alert(1) [x](javascript:alert(1))",
    "&lt;b&gt; &amp; ${7*7} {{7*7}}",
    "مرحبا <b>كيف</b> الحال",
    "\u202egnirts desrever",
    "a\u200bb\u2060c\ufeffd",
    "W" * 3000,
    "🌧️" * 200,
]


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def test_somebody_opens_the_chat_and_talks(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Hi, I'm a bot.")
    await expect(page.locator("#stance")).to_have_text("You are talking with a bot")
    await write(page, "hello there")
    await expect(log).to_contain_text("I heard: hello there")
    await expect(page.locator(".pending")).to_have_count(0)
    await expect(page.get_by_label("Your message")).to_have_value("")
    assert [each.text for each in live.front.of(events.SeekerWrote)] == ["hello there"]


async def test_a_quick_reply_is_sent_with_its_payload_and_then_gone(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Yes, that's okay").click()
    await expect(page.get_by_role("log")).to_contain_text("I heard: Yes, that's okay")
    await expect(page.locator(".replies")).to_have_count(0)
    await expect(page.get_by_label("Your message")).to_be_focused()
    assert live.front.of(events.SeekerTapped)[0].payload == "/consent_yes"


async def test_everybody_who_speaks_is_told_apart_in_words(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "mine")
    await expect(page.get_by_role("log")).to_contain_text("I heard: mine")
    await live.front.say("from a person", speaker=Speaker.SUPPORTER, name="Sam")
    await live.front.say("a notice", speaker=Speaker.SYSTEM, kind=EntryKind.NOTICE)
    for who, said in (("bot", "Bot automated"), ("supporter", "Sam supporter, a person"), ("seeker", "You")):
        await expect(page.locator(f".from-{who} .by").last).to_have_text(said)
    await expect(page.locator(".from-system .by")).to_have_text("Harbour Light notice")


async def test_ticks_tell_what_was_delivered_and_what_was_read(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "mine")
    await expect(page.locator(".from-seeker .tick")).to_have_text("Delivered")
    await live.store.mark(live.front.pseudonym(live.front.seeker), desk_read=99)
    await expect(page.locator(".from-seeker .tick")).to_have_text("Read")


async def test_what_the_page_shows_is_marked_as_shown_and_read(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    who = live.front.pseudonym(live.front.seeker)

    async def read_it() -> bool:
        marks = await live.store.marks(who)
        return (marks.delivered, marks.read) == (1, 1)

    await eventually(read_it)


async def test_who_is_typing_is_shown(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    topic = f"feed:{live.front.pseudonym(live.front.seeker)}"
    await live.store.publish(Notice(topic, "typing", "Sam"))
    await expect(page.locator("#typing")).to_have_text("Sam is writing")
    await live.front.say("here I am", speaker=Speaker.SUPPORTER, name="Sam")
    await expect(page.locator("#typing")).to_have_text("")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
async def test_every_text_is_shown_as_text(live: House, visitors: Visitors, text: str) -> None:
    live.front.answers = False
    page = await visitors.page(viewport={"width": 320, "height": 640})
    await write(page, text)
    shown = page.locator(".from-seeker:not(.pending) .words")
    await expect(shown).to_have_count(1)
    assert await shown.evaluate("(element) => [element.textContent, element.childElementCount]") == [text, 0]
    await live.front.say(text, speaker=Speaker.SUPPORTER, name=text[:60], buttons=[Button(text[:60], "/x")])
    await expect(page.locator(".from-supporter")).to_have_count(1)
    assert await page.title() == "Chat"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.locator("#log").evaluate("(log) => log.scrollWidth <= log.clientWidth")


async def test_an_empty_message_is_not_sent(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "   ")
    await page.get_by_role("button", name="Send").click()
    await write(page, "real")
    await expect(page.get_by_role("log")).to_contain_text("I heard: real")
    assert [each.text for each in live.front.of(events.SeekerWrote)] == ["real"]


async def test_a_very_long_text_is_sent_in_parts_that_lose_nothing(live: House, visitors: Visitors) -> None:
    live.front.answers = False
    text = " ".join(f"word{count}" for count in range(1500))
    page = await visitors.page()
    await page.get_by_label("Your message").fill(text)
    await expect(page.locator("#words-note")).to_have_text("This is long, so it will be sent in 4 parts.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".from-seeker:not(.pending)")).to_have_count(4)
    assert "".join(each.text for each in live.front.of(events.SeekerWrote)) == text


async def test_shift_and_enter_begins_a_new_line(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_label("Your message").press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".from-seeker:not(.pending) .words")).to_have_text("one\ntwo")


async def test_the_crisis_card_dials_exactly_what_stands_on_it(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, CRISIS_WORDS)
    card = page.get_by_role("region", name="Urgent help")
    await expect(card.get_by_role("heading")).to_have_text(str(CARD["headline"]))
    links = await card.get_by_role("link").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert links == [
        "tel:116123", "sms:85258?&body=SHOUT", "tel:*4141", "https://star.example/chat", "tel:999", "tel:101",
    ]  # fmt: skip
    site = card.get_by_role("link", name="Open their site")
    assert await site.get_attribute("rel") == "noopener noreferrer"
    await expect(page.get_by_role("alert")).to_contain_text(str(CARD["headline"]))
    await eventually(lambda: live.front.of(events.CardConfirmed))


async def test_an_emergency_puts_the_emergency_number_first(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    body = {**CARD, "emergency_first": True, "emergency_sentence": "", "headline": "Call 999 now"}
    await live.front.say("Call 999 now", speaker=Speaker.SYSTEM, kind=EntryKind.CARD, body=body)
    first = page.get_by_role("region", name="Urgent help").get_by_role("link").first
    assert await first.get_attribute("href") == "tel:999"


async def test_urgent_help_is_one_tap_away_while_waiting(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    live.front.now = {"phase": "waiting", "position": 3, "estimate": (5, 15), "supporter": "", "staffed": True}
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.front.say("You are in the queue.", speaker=Speaker.SYSTEM)
    waiting = page.get_by_role("region", name="While you wait")
    await expect(waiting).to_contain_text("You are number 3 in the queue. It may take about 5 to 15 minutes: a guess")
    live.front.now = {**live.front.now, "position": 1, "estimate": None}
    await expect(waiting).to_contain_text("You are next. How long it takes is hard to say right now.")
    live.front.now = {**live.front.now, "staffed": False}
    await expect(waiting).to_contain_text("Nobody is here to take over just now.")
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    await expect(page.get_by_role("region", name="Urgent help")).to_be_visible()
    assert live.front.of(events.SeekerTapped)[0].payload == "warmline:urgent"
    live.front.now = {"phase": "live", "position": None, "estimate": None, "supporter": "Sam", "staffed": True}
    await live.front.say("Sam is here.", speaker=Speaker.SYSTEM)
    await expect(waiting).to_have_count(0)
    await expect(page.locator("#stance")).to_have_text("Sam is with you")


async def test_a_timed_exercise_runs_pauses_and_ends(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.front.say(kind=EntryKind.RESOURCE, body=RESOURCE)
    resource = page.get_by_role("region", name="Breathing in a square")
    await expect(resource).to_contain_text("Something to do · about 1 min")
    await resource.get_by_text("Show it").click()
    await expect(resource).to_contain_text("follow the edge of a window")
    await resource.get_by_role("button", name="Start the exercise").click()
    exercise = page.get_by_role("dialog", name="Breathing in a square")
    await exercise.get_by_role("button", name="Begin").click()
    await expect(exercise.locator(".step")).to_have_text("Breathe in")
    await exercise.get_by_role("button", name="Pause").click()
    await expect(exercise.locator(".step")).to_have_text("Paused. Take the time you need.")
    await exercise.get_by_role("button", name="Go on").click()
    await expect(exercise.locator(".step")).to_have_text("Breathe out")
    await expect(exercise.locator(".step")).to_contain_text("Well done")
    await exercise.get_by_role("button", name="Back to the chat").click()
    await expect(exercise).to_have_count(0)
    await expect(resource.get_by_role("button", name="Start the exercise")).to_be_focused()


async def test_feedback_is_given_and_asked_for_once(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.front.say("How was it?", kind=EntryKind.FEEDBACK, body={"conversation": "c1"})
    form = page.get_by_role("region", name="How was it for you?")
    await form.get_by_role("group", name="How helpful").get_by_label("Quite").check()
    await form.get_by_role("group", name="How did you feel before").get_by_label("2", exact=True).check()
    await form.get_by_role("group", name="how do you feel now").get_by_label("7", exact=True).check()
    await form.get_by_label("Anything you would like").fill("lighter")
    await form.get_by_label("may read this conversation again").check()
    await form.get_by_role("button", name="Send feedback").click()
    await expect(form).to_have_text("Thank you. This helps us do better.")
    given = live.front.of(events.FeedbackGiven)[0]
    assert (given.conversation, given.rating, given.mood_before, given.mood_after) == ("c1", 4, 2, 7)
    assert (given.words, given.review) == ("lighter", True)
    await page.reload()
    await expect(form).to_have_text("Thank you. This helps us do better.")


async def test_feedback_may_be_skipped(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.front.say(kind=EntryKind.FEEDBACK, body={"conversation": "c2"})
    await page.get_by_role("button", name="Skip").click()
    await expect(page.get_by_role("region", name="How was it for you?")).to_have_text(
        "That is fine. Take care of yourself."
    )
    assert live.front.of(events.FeedbackGiven) == []


async def test_deleting_asks_first_and_then_clears_the_page(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "please keep this")
    await expect(page.get_by_role("log")).to_contain_text("I heard: please keep this")
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Delete my conversation").click()
    await page.get_by_role("button", name="Keep it").click()
    assert live.front.of(events.SeekerTapped) == []
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Delete my conversation").click()
    await page.get_by_role("button", name="Delete everything").click()
    await eventually(lambda: live.front.of(events.SeekerTapped))
    assert live.front.of(events.SeekerTapped)[0].payload == "warmline:forget_confirmed"
    who = live.front.pseudonym(live.front.seeker)
    known = await live.store.current(live.front.seeker, who)
    assert known is not None
    await live.store.erase(who, known.id)
    await expect(page.get_by_role("heading", name="It is deleted")).to_be_focused()
    await expect(page.get_by_role("log")).not_to_contain_text("please keep this")
    assert await page.evaluate("Object.keys(localStorage)") == []
    await page.get_by_role("button", name="Start again").click()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await expect(page.get_by_role("log")).not_to_contain_text("please keep this")


async def test_light_and_dark_follow_the_device_until_somebody_chooses(live: House, visitors: Visitors) -> None:
    page = await visitors.page(color_scheme="dark")
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.emulate_media(color_scheme="light")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_label("Dark", exact=True).check()
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")


async def test_language_and_place_are_chosen_in_the_menu_and_told_to_the_service(
    live: House, visitors: Visitors
) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_label("Where you are").select_option("GB")
    await expect(page.get_by_role("region", name="Urgent help")).to_be_visible()
    assert live.front.of(events.SeekerTapped)[-1].payload == "warmline:urgent:GB"
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_label("Language").select_option("es")
    await expect(page.get_by_role("button", name="Salir rápido")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await eventually(lambda: live.front.of(events.SeekerOpened)[-1].language == "es")
    assert live.front.of(events.SeekerOpened)[-1].country == "GB"


async def test_what_comes_at_once_is_read_from_its_beginning(live: House, visitors: Visitors) -> None:
    page = await visitors.page(viewport={"width": 400, "height": 600})
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    for count in range(40):
        await live.front.say(f"line {count}")
    await expect(page.get_by_role("log")).to_contain_text("line 39")
    await expect(page.get_by_text("Hi, I'm a bot.")).to_be_in_viewport()
    await page.get_by_role("button", name="New messages below").click()
    await expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()
    await page.reload()
    await expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()


async def test_a_new_message_does_not_pull_somebody_away_from_what_they_read(live: House, visitors: Visitors) -> None:
    page = await visitors.page(viewport={"width": 400, "height": 600})
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    for count in range(20):
        await live.front.say(f"line {count}")
    await page.reload()
    await expect(page.get_by_text("line 19", exact=True)).to_be_in_viewport()
    await page.locator("#log").evaluate("(log) => { log.scrollTop = 0 }")
    await expect(page.get_by_text("Hi, I'm a bot.")).to_be_in_viewport()
    await live.front.say("the newest")
    await page.get_by_role("button", name="New messages below").click()
    await expect(page.get_by_text("the newest")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages below")).to_have_count(0)
