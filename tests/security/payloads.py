"""Markup that would do something if a page took it for markup: set `window.pwned`, open a dialog, ask elsewhere."""

from __future__ import annotations

RUN = "window.pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<a href=javascript:{RUN}>press</a>",
    f"[press](javascript:{RUN})",
    f"javascript:{RUN}//https://x.example",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example'>",
    "<base href=https://elsewhere.example/>",
    "<link rel=stylesheet href=https://elsewhere.example/a.css>",
    "<style>@import'https://elsewhere.example/a.css'</style>",
    "<form action=https://elsewhere.example><button>press</button></form>",
    f"<template><img src=x onerror={RUN}></template>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]>",
    f"<title></title><img src=x onerror={RUN}>",
    f"<textarea></textarea><img src=x onerror={RUN}>",
    f"<xss style=animation-name:x onanimationstart={RUN}>",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    f"%3Cimg%20src=x%20onerror={RUN}%3E",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}} #{{{RUN}}} <%= {RUN} %>",
    f"`;{RUN};`",
    f"';{RUN};'",
    f'";{RUN};"',
    f"\u2028{RUN}\u2029",
    f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    "<img src=x onerror=alert(1)>",
    "<a href='data:text/html,<script>alert(1)</script>'>press</a>",
)
MARK = "pwned"
EVERYTHING = " ".join(PAYLOADS)
"""All in one field, so that one visit shows each of them."""
WATCH = """
() => {
  window.pwned = undefined;
  window.stopped = [];
  document.addEventListener('securitypolicyviolation', (event) => window.stopped.push(event.violatedDirective));
}
"""
"""Run in a page before its own scripts."""
FOUND = """
() => ({
  ran: window.pwned ?? null,
  stopped: window.stopped,
  elements: [...document.querySelectorAll(
    'iframe, object, embed, base, math, xss, [onerror], [onload], [onfocus], [onbegin], [ontoggle], [onanimationstart],'
    + 'a[href^="javascript:"], a[href^="data:"], form[action*="elsewhere"], meta[http-equiv=refresh],'
    + 'link[href*="elsewhere"], script:not([src]):not([type="application/json"]), img[src="x"], img[src$="/x"]'
  )].map((each) => each.outerHTML.slice(0, 200)),
})
"""
"""What a page has that nobody put there."""
CLEAN: dict[str, object] = {"ran": None, "stopped": [], "elements": []}
