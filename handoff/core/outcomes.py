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
