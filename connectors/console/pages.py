"""The console's plain pages, made without a template language: the desk's frame and the way in."""

from __future__ import annotations

from html import escape
from string import Template

from connectors.console.options import ConsoleOptions

_FRAME = Template("""<!doctype html>
<html lang="$language" data-theme="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
$head<title>$title</title>
<link rel="icon" href="/console/static/lamp.svg" type="image/svg+xml">
$styles<script src="/console/static/theme-first.js"></script>
$script</head>
<body class="page-$kind">
$body
</body>
</html>
""")

_DOOR = Template("""<main class="door">
<img src="/console/static/lamp.svg" alt="" width="44" height="44">
<h1>$heading</h1>
<p>$words</p>
$rest
</main>""")

_STYLES = {
    "desk": ("theme", "layout", "rail", "room", "talk", "dialogs", "board"),
    "door": ("theme", "door"),
}


class Pages:
    """Pages of one line. Everything put into them is escaped."""

    def __init__(self, options: ConsoleOptions) -> None:
        self._options = options

    def desk(self) -> str:
        """The desk; the scripts fill it."""
        script = '<script type="module" src="/console/static/main.js"></script>\n'
        opening = f'<main class="opening"><p role="status">{self._said("opening")}</p></main>'
        body = f'<div id="desk">{opening}</div><noscript>{self._said("no_script")}</noscript>'
        return self._frame("desk", self._said("desk_title"), body, script=script)

    def ask_for_link(self) -> str:
        """For whoever comes without a session."""
        return self._door("ask")

    def confirm(self, token: str) -> str:
        """The button that uses the link up."""
        form = (
            f'<form method="post" action="/console/sign-in/{escape(token)}">'
            f'<button class="primary" autofocus>{self._said("confirm_button")}</button></form>'
        )
        return self._door("confirm", form)

    def link_over(self) -> str:
        """Used, expired, or never a link."""
        return self._door("link_over")

    def elsewhere(self) -> str:
        """A form that another site sent."""
        return self._door("elsewhere")

    def too_often(self) -> str:
        """Link after link was tried from one place."""
        return self._door("too_often")

    def sorry(self) -> str:
        """The store is down; nothing was used up by asking."""
        link = f'<p><a class="button primary" href="/console">{self._said("sorry_button")}</a></p>'
        return self._door("sorry", link)

    def come_in(self) -> str:
        """For a link followed from another site, where browsers hold a strict cookie back: ask once more from here."""
        return self._door("come_in", head='<meta http-equiv="refresh" content="0;url=/console">\n')

    def _door(self, name: str, rest: str = "", head: str = "") -> str:
        heading = self._said(f"{name}_heading")
        body = _DOOR.substitute(heading=heading, words=self._said(f"{name}_words"), rest=rest)
        return self._frame("door", heading, body, head=head)

    def _frame(self, kind: str, title: str, body: str, script: str = "", head: str = "") -> str:
        links = (f'<link rel="stylesheet" href="/console/static/{name}.css">\n' for name in _STYLES[kind])
        return _FRAME.substitute(
            language=escape(self._options.language), head=head, title=title, styles="".join(links), script=script,
            kind=kind, body=body,
        )  # fmt: skip

    def _said(self, key: str) -> str:
        return escape(Template(self._options.sentence("doors", key)).safe_substitute(line=self._options.line_name))
