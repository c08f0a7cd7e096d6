"""What each kind of update means, and that nobody's name, handle or number comes along."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Update

from connectors.telegram import updates as u

BOT = Bot("1:a")
WHO = {"id": 42, "is_bot": False, "first_name": "Zephyrine", "username": "quill", "language_code": "es-MX"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Zephyrine", "username": "quill"}
GROUP = {"id": -7, "type": "supergroup", "title": "Friends"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 900}


def read(**update: Any) -> u.Act | None:
    made = Update.de_json({"update_id": 5, **update}, BOT)
    assert made is not None
    return u.read(made)


def message(**more: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": PRIVATE, "from": WHO, **more}


BASE: dict[str, Any] = {"update": 5, "chat": 42, "language": "es-MX"}


@pytest.mark.parametrize(
    ("sent", "act"),
    [
        ({"text": "hello"}, u.Words(**BASE, text="hello", message=9)),
        ({"text": "/nothing of ours"}, u.Words(**BASE, text="/nothing of ours", message=9)),
        ({"text": "/start topic_grief"}, u.Command(**BASE, name="start", argument="topic_grief", message=9)),
        ({"text": "/urgent@harbour_bot"}, u.Command(**BASE, name="urgent", message=9)),
        ({"text": "/start i am scared"}, u.Command(**BASE, name="start", words="i am scared", message=9)),
        ({"text": "/stop\nit hurts"}, u.Command(**BASE, name="stop", words="/stop\nit hurts", message=9)),
        ({"text": "/link AB2C3D4E"}, u.Command(**BASE, name="link", argument="AB2C3D4E", message=9)),
        ({"text": "/ urgent"}, u.Words(**BASE, text="/ urgent", message=9)),
        (
            {"voice": {**FILE, "duration": 3}, "caption": "listen"},
            u.Media(**BASE, file="f", size=900, seconds=3, caption="listen", message=9),
        ),
        (
            {"photo": [{**FILE, "file_id": "small", "width": 1, "height": 1}, {**FILE, "width": 2, "height": 2}]},
            u.Media(**BASE, file="f", size=900, seconds=None, caption="", message=9),
        ),
        (
            {"document": {**FILE, "file_name": "secret name.pdf"}},
            u.Media(**BASE, file="f", size=900, seconds=None, caption="", message=9),
        ),
        (
            {"location": {"latitude": 51.5, "longitude": -0.12}},
            u.Gesture(**BASE, key="location", values={"latitude": "51.50000", "longitude": "-0.12000"}, message=9),
        ),
        (
            {"contact": {"phone_number": "+44", "first_name": "Somebody"}},
            u.Unsupported(**BASE, key="not_contact", message=9),
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, u.Unsupported(**BASE, key="not_this", message=9)),
        (
            {"video": {**FILE, "width": 1, "height": 1, "duration": 1}, "caption": "look", "media_group_id": "7"},
            u.Unsupported(**BASE, key="not_video", caption="look", message=9, album="7"),
        ),
        ({"migrate_to_chat_id": 77}, u.Moved(**BASE, to=77)),
        ({"new_chat_title": "a service message"}, None),
    ],
)
def test_a_message_means_one_thing(sent: dict[str, Any], act: u.Act | None) -> None:
    found = read(message=message(**sent))
    assert found == act
    assert "Zephyrine" not in repr(found)
    assert "quill" not in repr(found)


def test_a_sticker_is_its_emoji() -> None:
    sticker = {
        **FILE,
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
        "emoji": "😀",
    }
    found = read(message=message(sticker=sticker))
    assert isinstance(found, u.Gesture)
    assert found.values == {"emoji": "😀"}


def test_a_reply_knows_what_it_replies_to_and_an_edit_that_it_is_one() -> None:
    replied = read(message=message(text="yes", reply_to_message=message(message_id=3, text="?")))
    assert isinstance(replied, u.Words)
    assert replied.replies_to == 3
    edited = read(edited_message=message(text="no", edit_date=2))
    assert isinstance(edited, u.Words)
    assert edited.edited


def test_a_tap_brings_what_stood_on_the_button() -> None:
    keyboard = {"inline_keyboard": [[{"text": "I want a person", "callback_data": "warmline:person"}]]}
    under = message(text="?", reply_markup=keyboard)
    query = {"id": "q", "from": WHO, "chat_instance": "1", "message": under, "data": "warmline:person"}
    found = read(callback_query=query)
    assert found == u.Tap(**BASE, query="q", payload="warmline:person", label="I want a person", message=9)


@pytest.mark.parametrize(("status", "act"), [("kicked", u.Blocked(**BASE)), ("member", None)])
def test_stopping_the_bot_is_noticed(status: str, act: u.Act | None) -> None:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "B"}}
    change = {
        "chat": PRIVATE, "from": WHO, "date": 1, "old_chat_member": {**member, "status": "member"},
        "new_chat_member": {**member, "status": status, "until_date": 0},
    }  # fmt: skip
    assert read(my_chat_member=change) == act


def test_groups_and_channels_are_elsewhere() -> None:
    assert isinstance(read(message=message(chat=GROUP, text="hello")), u.Elsewhere)
    channel = {"message_id": 1, "date": 1, "chat": {"id": -8, "type": "channel", "title": "News"}, "text": "hello"}
    assert isinstance(read(channel_post=channel), u.Elsewhere)
