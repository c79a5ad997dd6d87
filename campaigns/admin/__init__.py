from campaigns.admin import (
    accounts,
    events,
    exclusions,
    mailings,
    pauses,
    petitions,
    reasons,
    rules,
    signatures,
    updates,
)

__all__ = [
    "accounts",
    "events",
    "exclusions",
    "mailings",
    "pauses",
    "petitions",
    "reasons",
    "rules",
    "signatures",
    "updates",
]
