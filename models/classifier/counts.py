"""How many messages the corpus holds, by language, tier, domain and split: `python -m models.classifier.counts`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.classifier.axes import CRISIS_TIER, DOMAINS, TIERS
from models.classifier.corpus import LANGUAGES, Message, read_corpus


def table(messages: Sequence[Message]) -> str:
    """One row a language, one column a tier."""
    head = f"{'':<6}" + "".join(f"{f'T{tier}':>7}" for tier in range(TIERS + 1)) + f"{'all':>8}"
    return "\n".join([head, *(_row(language, messages) for language in LANGUAGES)])


def _row(language: str, messages: Sequence[Message]) -> str:
    tiers = Counter(each.tier for each in messages if each.language == language)
    return f"{language:<6}" + "".join(f"{tiers[tier]:>7}" for tier in range(TIERS + 1)) + f"{tiers.total():>8}"


def main() -> None:
    messages = read_corpus()
    splits = Counter(each.split for each in messages)
    domains = Counter(domain for each in messages for domain in each.domains if each.tier >= CRISIS_TIER)
    print(table(messages))
    print(f"{len(messages)} messages in {len({each.block for each in messages})} blocks; {dict(splits)}")
    print("crises by domain: " + ", ".join(f"{domain} {domains[domain]}" for domain in DOMAINS))


if __name__ == "__main__":
    main()
