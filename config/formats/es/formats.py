"""Days and times in Django's own lists, as `petitions/dates.py` writes them."""

DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
