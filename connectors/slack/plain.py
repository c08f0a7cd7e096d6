"""What somebody typed in Slack, as plain words: no ids, no names of others, links as they read. Pure."""

from __future__ import annotations

import re

_ANGLED = re.compile(r"<([^<>]*)>")
_EMOJI = re.compile(r":([a-z0-9_+-]{1,40}):(?::skin-tone-[2-6]:)?")
EMOJI = {
    "heart": "❤️", "+1": "👍", "thumbsup": "👍", "hugging_face": "🤗", "slightly_smiling_face": "🙂", "smile": "😄",
    "blush": "😊", "pray": "🙏", "wave": "👋", "cry": "😢", "sob": "😭", "star": "⭐", "sunny": "☀️",
    "broken_heart": "💔",
    "sparkles": "✨",
    "clap": "👏", "wink": "😉", "tada": "🎉", "rainbow": "🌈", "coffee": "☕", "muscle": "💪",
    "relaxed": "☺️", "grinning": "😀", "ok_hand": "👌", "raised_hands": "🙌", "yellow_heart": "💛", "green_heart": "💚",
    "blue_heart": "💙", "purple_heart": "💜", "people_hugging": "🫂",
}  # fmt: skip
"""Those that are common in kind talk; any other keeps its name, which reads well enough."""
RELAYED = frozenset({"heart", "+1", "thumbsup", "hugging_face"})
"""Reactions on a seeker's message that are passed on, each as a message of that one emoji; all others are not."""


def plain(text: str, somebody: str) -> str:
    """Unescaped, with links written out; a mention of a person or group becomes `somebody`."""
    said = _ANGLED.sub(lambda found: _angled(found[1], somebody), text)
    said = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _EMOJI.sub(lambda found: EMOJI.get(found[1], found[0]), said).strip()


def _angled(inside: str, somebody: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date"):
        return label
    if target.startswith(("@", "!")):
        return somebody
    if target.startswith("#"):
        return f"#{label}" if label else somebody
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (target, address):
        return address
    if label == address.partition("://")[2].rstrip("/"):
        return label  # typed without the rest, which Slack put before it
    return f"{label} ({address})"
