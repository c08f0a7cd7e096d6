"""Ask a trained model's language understanding: texts as a JSON list on standard input, parses as a JSON list out.

`python -m bot.understand MODEL` in Rasa's environment. Each parse is `{"intent", "confidence", "after_fallback"}`: the
best intent, how sure it is, and the intent that counts once the unsure ones are asked about again.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from rasa.core.agent import load_agent


def _told(parsed: dict[str, Any]) -> dict[str, Any]:
    ranking = [each for each in parsed["intent_ranking"] if each["name"] != "nlu_fallback"]
    best = ranking[0] if ranking else parsed["intent"]
    return {"intent": best["name"], "confidence": best["confidence"], "after_fallback": parsed["intent"]["name"]}


async def understand(model: str, texts: list[str]) -> list[dict[str, Any]]:
    bot = await load_agent(model_path=model)
    return [_told(await bot.parse_message(text)) for text in texts]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(understand(sys.argv[1], json.load(sys.stdin)))))
