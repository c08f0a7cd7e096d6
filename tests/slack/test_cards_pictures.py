"""The pictures in the docs show what is really drawn, and can be drawn again."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from PIL import Image

from tests.slack.block_kit import message_faults, texts, view_faults
from tests.slack.pictures import Picture, every
from tests.slack.render import DIGEST, PICTURES, document

ALL = [pytest.param(picture, id=picture.file) for picture in every()]


@pytest.mark.parametrize("picture", ALL)
def test_a_picture_was_drawn_from_what_is_drawn_today(picture: Picture) -> None:
    with Image.open(PICTURES / picture.file) as drawn:
        assert drawn.info[DIGEST] == picture.digest(), "draw them again: python -m tests.slack.render"


@pytest.mark.parametrize("picture", ALL)
def test_a_picture_shows_what_slack_would_take(picture: Picture) -> None:
    shown = [message_faults(line.message) for line in picture.lines if line.message is not None]
    assert shown == [[]] * len(shown)
    assert picture.view is None or view_faults(picture.view) == []


@pytest.mark.parametrize("picture", ALL)
def test_nothing_is_left_out_of_a_picture(picture: Picture) -> None:
    page = together(unescape(re.sub(r"<[^>]+>", "", document(picture))))
    blocks = [each for line in picture.lines if line.message for each in line.message["blocks"]]
    blocks += (picture.view or {}).get("blocks", [])
    for said in texts([unasked(each) for each in blocks]):
        for piece in re.sub(r"<!date[^>]+>|\*", "\n", said).split("\n"):
            assert together(piece) in page


def together(text: str) -> str:
    return "".join(text.split())


def unasked(part: dict[str, Any]) -> dict[str, Any]:
    """The block without the questions that come up only after a click."""
    elements = [{key: each[key] for key in each if key != "confirm"} for each in part.get("elements", [])]
    return {**part, "elements": elements} if elements else part
