from campaigns.admin import events, mailings, petitions, signatures, updates

__all__ = ["events", "mailings", "petitions", "signatures", "updates"]
