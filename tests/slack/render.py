"""Draws our Block Kit JSON as HTML, and takes the pictures in `docs/pictures` with headless Chromium.

    python -m tests.slack.render

It is no copy of Slack: its own simple style, the same order, words and buttons. Every block and element that we use has
its place here; one that has none raises `KeyError`.
"""

from __future__ import annotations

import html
import re
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

from tests.slack import values as v
from tests.slack.pictures import Line, Picture, every

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
STYLE = Path(__file__).with_name("render.css")
DIGEST = "warmline-drawn-from"
_TALL = 4000
_NOTHING = (255, 0, 255)
"""The colour below what is drawn."""
_TOKEN = re.compile(r"&lt;!date\^(\d+)\^(\{\w+\})\|[^&]*&gt;")
_CHROMIUM = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-device-scale-factor=2",
)  # fmt: skip


def main() -> None:
    """Draw every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for picture in every():
        take(picture)
        print(picture.file)


def take(picture: Picture) -> None:
    """One picture, cut to what is on it, with the digest of what it was drawn from inside."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(document(picture), encoding="utf-8")
        size = f"--window-size={picture.width},{_TALL}"
        subprocess.run([*_CHROMIUM, size, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
        _save(Image.open(shot).convert("RGB"), picture)


def _save(shot: Image.Image, picture: Picture) -> None:
    middle = shot.width // 2
    bottom = max(y for y in range(shot.height) if shot.getpixel((middle, y)) != _NOTHING)
    told = PngImagePlugin.PngInfo()
    told.add_text(DIGEST, picture.digest())
    cut = shot.crop((0, 0, shot.width, bottom + 1))
    cut.quantize(128).save(PICTURES / picture.file, pnginfo=told, optimize=True)


def document(picture: Picture) -> str:
    """The whole page."""
    style = STYLE.read_text(encoding="utf-8")
    body = _modal(picture.view or {}) if picture.kind == "modal" else _window(picture)
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><body class={picture.kind}>{body}"


def _window(picture: Picture) -> str:
    inner = "".join(map(_line, picture.lines))
    if picture.view is not None:
        inner = "<div class=view>" + "".join(map(block, picture.view["blocks"])) + "</div>"
    return f"<div class=window><div class=bar>{html.escape(picture.title)}</div>{inner}</div>"


def _line(line: Line) -> str:
    app = line.message is not None
    blocks = "".join(map(block, line.message["blocks"])) if line.message else f"<p>{html.escape(line.typed)}</p>"
    badge = "<small class=app>APP</small>" if app else ""
    mark = f"<span class=mark>{html.escape(line.mark)} 1</span>" if line.mark else ""
    place = "line inside" if line.inside else "line"
    face = f"<div class='face {'ours' if app else 'theirs'}'>{html.escape(line.who[0])}</div>"
    return f"<div class='{place}'>{face}<div class=said><b>{html.escape(line.who)}</b>{badge}{blocks}{mark}</div></div>"


def _modal(view: dict[str, Any]) -> str:
    inner = "".join(map(block, view["blocks"]))
    feet = [f"<span class=button>{text(view['close'])}</span>"]
    if "submit" in view:
        feet.append(f"<span class='button primary'>{text(view['submit'])}</span>")
    title = f"<div class=title><span class='face ours'>W</span>{text(view['title'])}<span class=cross>×</span></div>"
    return f"<div class=window><div class=modal>{title}{inner}<div class=feet>{''.join(feet)}</div></div></div>"


def text(part: dict[str, Any]) -> str:
    """A text object: `mrkdwn` is ours alone, so bold and dates are all there is in it."""
    shown = html.escape(part["text"], quote=False)
    if part["type"] == "mrkdwn":
        shown = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", _TOKEN.sub(_date, shown))
    return shown.replace("\n", "<br>")


def _date(token: re.Match[str]) -> str:
    at = int(token[1])
    if token[2] == "{time}":
        return datetime.fromtimestamp(at, UTC).strftime("%H:%M")
    minutes = round((v.NOW - at) / 60)
    if minutes < 60:
        return "1 minute ago" if minutes <= 1 else f"{minutes} minutes ago"
    return "1 hour ago" if minutes < 120 else f"{minutes // 60} hours ago"


def block(part: dict[str, Any]) -> str:
    """One block."""
    return _BLOCKS[part["type"]](part)


def _header(part: dict[str, Any]) -> str:
    return f"<h3>{text(part['text'])}</h3>"


def _divider(_part: dict[str, Any]) -> str:
    return "<hr>"


def _section(part: dict[str, Any]) -> str:
    inner = f"<p>{text(part['text'])}</p>" if "text" in part else ""
    fields = "".join(f"<div>{text(each)}</div>" for each in part.get("fields", ()))
    inner += f"<div class=fields>{fields}</div>" if fields else ""
    beside = element(part["accessory"]) if part.get("accessory") else ""
    return f"<div class=section><div>{inner}</div>{beside}</div>"


def _context(part: dict[str, Any]) -> str:
    return "<div class=context>" + "".join(f"<span>{text(each)}</span>" for each in part["elements"]) + "</div>"


def _actions(part: dict[str, Any]) -> str:
    return "<div class=actions>" + "".join(map(element, part["elements"])) + "</div>"


def _input(part: dict[str, Any]) -> str:
    return f"<div class=input><b>{text(part['label'])}</b>{element(part['element'])}</div>"


def _rich(part: dict[str, Any]) -> str:
    return "".join(_RICH[each["type"]](each) for each in part["elements"])


def _runs(part: dict[str, Any]) -> str:
    return "".join(map(_run, part["elements"]))


def _run(part: dict[str, Any]) -> str:
    shown = html.escape(part["text"], quote=False).replace("\n", "<br>")
    for style, tag in (("bold", "b"), ("italic", "i")):
        if part.get("style", {}).get(style):
            shown = f"<{tag}>{shown}</{tag}>"
    return shown


def _list(part: dict[str, Any]) -> str:
    return "<ul>" + "".join(f"<li>{_runs(each)}</li>" for each in part["elements"]) + "</ul>"


def element(part: dict[str, Any]) -> str:
    """One button or field."""
    if part["type"] == "button":
        return f"<span class='button {part.get('style', '')}'>{text(part['text'])}</span>"
    shown = _choices(part) if "options" in part else ""
    return f"<div class=select>{text(part['placeholder'])}<span>⌄</span></div>{shown}"


def _choices(part: dict[str, Any]) -> str:
    return "<div class=choices>" + "".join(f"<div>{text(each['text'])}</div>" for each in part["options"]) + "</div>"


_BLOCKS = {
    "header": _header,
    "divider": _divider,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich,
}
_RICH = {
    "rich_text_section": lambda part: f"<p>{_runs(part)}</p>",
    "rich_text_quote": lambda part: f"<blockquote>{_runs(part)}</blockquote>",
    "rich_text_list": _list,
}

if __name__ == "__main__":
    main()
