"""Whatever people write, Slack takes what we draw, and shows their words as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.slack import answers, cards, leads, modals, modals_people, posts, thread
from connectors.slack import text as t
from connectors.slack.home import home
from connectors.slack.home_scene import Held, HomeScene
from connectors.slack.names import Where
from handoff.core.conversation import Intake, Reason
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.queue import place
from handoff.core.risk import Tier
from tests.slack import values as v
from tests.slack.block_kit import message_faults, texts, view_faults

WILD = st.characters(codec=None, exclude_categories=())
SHORT = st.one_of(
    st.text(WILD, max_size=60), st.sampled_from(["", " ", "*b*", "<!here>", "<@U1>", "&amp;", "`", "\ud83d"])
)
LONG = st.one_of(
    SHORT,
    st.builds(lambda each, times: each * times, st.text(WILD, min_size=1, max_size=12), st.integers(1, 700)),
)
CODES = st.lists(st.one_of(SHORT, st.sampled_from(["grief", "abuse", "woman"])), max_size=20).map(tuple)
REASONS = st.lists(st.builds(lambda text: Reason(Tier.CONCERN, "x", text, v.NOW, 0), LONG), max_size=12).map(tuple)
INTAKES = st.builds(
    lambda name, topics, wishes, heavy, share: Intake(
        name=name, topics=topics, preferences=wishes, heaviness=heavy, share=share
    ),
    LONG, CODES, CODES, st.none() | st.integers(0, 10), st.sampled_from([True, False, None]),
)  # fmt: skip
CONVERSATIONS = st.builds(
    lambda base, pseudonym, intake, reasons, tier, name, language: replace(
        base, pseudonym=pseudonym, intake=intake, reasons=reasons, tier=tier, supporter_name=name, language=language
    ),
    st.sampled_from([v.conversation(), v.live(), v.crisis()]), SHORT, INTAKES, REASONS, st.sampled_from(list(Tier)),
    SHORT, SHORT,
)  # fmt: skip
ENTRIES = st.builds(
    lambda text, kind, speaker, name, title, buttons, refers: v.entry(
        text=text, kind=kind, speaker=speaker, name=name, body={"title": title, "kind": title, "seconds": 3},
        refers=refers, buttons=tuple(Button(each, "/x") for each in buttons),
    ),
    LONG, st.sampled_from(list(EntryKind)), st.sampled_from(list(Speaker)), LONG, SHORT, st.lists(SHORT, max_size=12),
    st.sampled_from(["", "slack:click:1", "c1"]),
)  # fmt: skip
SOME = settings(deadline=None, max_examples=25)


def numbered(entries: list[Entry]) -> list[Entry]:
    return [replace(each, seq=seq, at=v.NOW + seq) for seq, each in enumerate(entries, 1)]


@SOME
@given(CONVERSATIONS, SHORT, st.floats(0, 1e6))
def test_every_card_is_taken(conversation: Any, name: str, waited: float) -> None:
    now = v.NOW + waited
    drawn = [
        cards.card(v.words(), conversation, now=now, policy=v.POLICY, names={"sam": name}),
        cards.card(v.words(), None, pseudonym=name, now=now, policy=v.POLICY, names={}),
        cards.assigned(v.words(), conversation, now=now, policy=v.POLICY),
        cards.assigned_over(v.words(), conversation.pseudonym, name=name),
        thread.ended_root(v.words(), pseudonym=name, why=name, to=name),
        leads.crisis_alert(
            v.words(), [v.alert(text=name), v.alert("odd")], conversation, now=now, policy=v.POLICY, names={"sam": name}
        ),
        leads.crisis_over(v.words(), name, acknowledged_by=name),
        leads.grouped(v.words(), name, [v.alert("message_left", text=name)] * 40),
        answers.refused(v.words(), name, next=name),
        answers.helping(v.words(), answers.read_command(name), name),
        answers.me(v.words(), v.supporter(name=name), [conversation] * 30, now),
        answers.leads(v.words(), [v.lead(name=name)] * 20),
    ]
    assert [message_faults(each) for each in drawn] == [[]] * len(drawn)


@SOME
@given(CONVERSATIONS, st.lists(ENTRIES, max_size=4))
def test_every_thread_is_taken(conversation: Any, entries: list[Entry]) -> None:
    feed = numbered(entries)
    drawn = [thread.root(v.words(), conversation, feed, lead=True), *thread.transcript(v.words(), conversation, feed)]
    posted = posts.posts(v.words(), conversation, feed, margin=feed, posted=(0, 0), again=True)
    drawn += [post.message for post in posted if post.message is not None]
    assert [message_faults(each) for each in drawn] == [[]] * len(drawn)
    if feed:
        assert (posted[-1].feed_seq, posted[-1].margin_seq) == (len(feed), len(feed))


@SOME
@given(CONVERSATIONS, LONG, st.lists(LONG, max_size=5))
def test_every_modal_is_taken(conversation: Any, text: str, many: list[str]) -> None:
    where, who = Where(conversation.id, "D1", "1.2"), conversation.pseudonym
    found = [{"id": f"r{n}", "title": each, "kind": "do", "minutes": 3, "summary": each} for n, each in enumerate(many)]
    replies = [{"id": f"r{n}", "category": each or "x", "text": each or "x"} for n, each in enumerate(many)]
    people = [v.supporter(f"s{n}", name=each) for n, each in enumerate(many)]
    odd = v.supporter(name=text, languages=("en", "xx"), traits=("yy",), capacity=99)
    drawn = [
        cards.decline_modal(v.words(), where, who),
        modals.close_modal(v.words(), where, pseudonym=who, crisis=True),
        modals.transfer_modal(v.words(), where, people, pseudonym=who),
        modals.escalate_modal(v.words(), where, pseudonym=who),
        modals.raise_modal(v.words(), where, pseudonym=who, tier=conversation.tier),
        modals.lower_modal(v.words(), where, pseudonym=who, tier=conversation.tier),
        modals.note_modal(v.words(), where, text=text),
        modals.note_modal(v.words(), Where(), text=text, choices=[conversation, v.crisis(id="other")]),
        modals.resources_modal(v.words(), where, pseudonym=who),
        modals.resources_modal(v.words(), where, pseudonym=who, searched=text, found=found),
        modals.replies_modal(v.words(), where, replies, pseudonym=who),
        modals.replies_modal(v.words(), where, replies, pseudonym=who, chosen="r0", name=text),
        modals_people.person_modal(v.words()),
        modals_people.person_modal(v.words(), odd),
        modals_people.profile_modal(v.words(), odd),
    ]
    assert [view_faults(each) for each in drawn] == [[]] * len(drawn)


@SOME
@given(CONVERSATIONS, SHORT, st.integers(0, 120))
def test_every_home_is_taken(conversation: Any, name: str, many: int) -> None:
    spot = place(v.conversation(), v.POLICY)
    assert spot is not None
    scene = HomeScene(
        me=v.lead(name=name), now=v.NOW, held=[Held(conversation, "https://example.org/t")] * many,
        places=[spot] * many,
        supporters=[v.supporter(f"s{n}", name=name) for n in range(many)], waiting=many,
        alerts=[v.alert("escalated", text=name)] * many, dead_letters=many, console="https://example.org/desk",
    )  # fmt: skip
    assert view_faults(home(v.words(), scene)) == []
    assert message_faults(answers.queue(v.words(), scene.places)) == []


@SOME
@given(LONG)
def test_what_is_split_is_whole_again(text: str) -> None:
    parts = t.pieces(text)
    assert "".join(parts) == t.clean(text)
    assert all(len(part) <= 2800 for part in parts)


@SOME
@given(st.lists(LONG, min_size=1, max_size=5))
def test_no_word_is_lost_between_the_seeker_and_the_thread(said: list[str]) -> None:
    feed = [v.entry(seq, text) for seq, text in enumerate(said, 1)]
    drawn = [post.message for post in posts.posts(v.words(), v.live(), feed, posted=(0, 0))]
    shown = "".join("".join(each.split()) for message in drawn for each in texts(message))
    for text in said:
        start = "".join(t.clean(text).split())[:200]
        assert start in shown
