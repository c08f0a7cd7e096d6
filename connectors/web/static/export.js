// The whole conversation as a text file, made by the service and handed to the browser; this page keeps nothing of it.

import { make } from "./dom.js";
import { kept } from "./kept.js";
import { say } from "./texts.js";

export const COMMAND = "/export";

/** `told(text)` says what became of it. */
export async function takeHome(language, told) {
  try {
    const headers = { Authorization: `Bearer ${kept.get("token")}` };
    const answer = await fetch(`/chat/export?lang=${encodeURIComponent(language)}`, { headers, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(await answer.blob());
    make("a", { href: address, download: say("export.name") }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    told(say("export.saved"));
  } catch {
    told(say("export.failed"));
  }
}
