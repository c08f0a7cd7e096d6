"""The chat page: its shell as HTML, and everything it says and needs to know as JSON."""

from __future__ import annotations

from html import escape
from string import Template

import msgspec

from connectors.web.files import STATIC, File
from connectors.web.options import WebOptions

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def choose_language(asked: str | None, accepts: str, options: WebOptions) -> str:
    """The language asked for, else the first that the browser accepts and we have, else the line's own."""
    wanted = [asked or "", *(part.split(";")[0].strip()[:2] for part in accepts.lower().split(","))]
    return next((each for each in wanted if each in options.wording), options.language)


def shells(options: WebOptions) -> dict[str, str]:
    """The page's HTML by language. Everything filled in is escaped."""
    template = Template((STATIC / "page.html").read_text(encoding="utf-8"))
    return {language: template.substitute(_fields(language, options)) for language in options.languages}


def page_facts(options: WebOptions) -> dict[str, File]:
    """What the page reads first, by language."""
    return {language: _facts(language, options) for language in options.languages}


def widget_file(options: WebOptions) -> File:
    """The script that another site loads, with the few words it shows there."""
    texts = {language: options.texts(language)["embed"] for language in options.languages}
    script = (STATIC / "embed.js").read_bytes()
    return File.of(script.replace(b'"__TEXTS__"', msgspec.json.encode(texts)), "text/javascript; charset=utf-8")


def _fields(language: str, options: WebOptions) -> dict[str, str]:
    texts = options.texts(language)
    fields = {f"shell_{key}": value for key, value in texts["shell"].items()}
    own = {"language": language, "dir": direction(language), "title": options.title, "line": options.line_name}
    return {key: escape(value) for key, value in {**fields, **own, "leave": options.leave_url}.items()}


def _facts(language: str, options: WebOptions) -> File:
    facts = {
        "language": language,
        "line": options.line_name,
        "title": options.title,
        "limit": options.message_limit,
        "file_limit": options.file_limit if options.shelf else 0,
        "languages": list(options.languages),
        "linking": options.linking is not None,
        "countries": list(options.countries),
        "urgent": options.urgent.get(language) or options.urgent.get(options.language),
        "texts": options.texts(language),
    }
    return File.of(msgspec.json.encode(facts), "application/json")
