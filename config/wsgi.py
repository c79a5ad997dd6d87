import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import brand
from config.kept_pages import KeptPages
from config.store import PageStore


def with_store(django: WSGIApplication) -> WSGIApplication:
    """Put the page store in front of Django, unless the settings turn it off."""
    if settings.STORE_SECONDS <= 0:
        return django
    store = PageStore(
        django,
        seconds=settings.STORE_SECONDS,
        most_bytes=settings.STORE_BYTES,
        kept=KeptPages(settings.PAGES_DIR),
        besides=(settings.STATIC_URL, settings.MEDIA_URL),
    )
    os.register_at_fork(after_in_child=store.start_anew)
    return store


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_PATIENCE", "10")  # seconds, for requests alone
application = with_store(get_wsgi_application())
brand.insist()  # gunicorn runs no system checks
