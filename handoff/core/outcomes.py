"""How a conversation can end, as a supporter says it at the close."""

OUTCOMES = (
    "supported",
    "resources_given",
    "referred",
    "crisis_referred",
    "seeker_left",
    "not_suitable",
    "other",
)

REPORTED, BLOCKED = "reported", "blocked"
"""How else it can end: its supporter reported the person, or a lead blocked them."""

REPORT_REASONS = ("abusive", "sexual", "threatening", "prank", "other")
"""Why a supporter reports a person, or a lead blocks one."""

SUPPORTER_REASONS = ("hurtful", "sexual", "unsafe", "contact", "other")
"""Why a person reports a supporter. `contact`: asked for a meeting, money or a way to reach them elsewhere."""

BLOCK_SECONDS = (3_600, 86_400, 604_800, 2_592_000)
"""How long a block may last: an hour, a day, a week, thirty days. Never for ever: nobody is given up on."""
