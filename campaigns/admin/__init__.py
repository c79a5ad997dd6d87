from campaigns.admin import events, petitions, signatures, updates

__all__ = ["events", "petitions", "signatures", "updates"]
