"""Production's settings, with static files collected into a folder of the test."""

from config.settings import *  # noqa: F403 - all but these
from config.settings import STORAGES, env

STATIC_ROOT = env.path("JOURNEY_STATIC_ROOT")
MEDIA_ROOT = (STATIC_ROOT - 1).path("media")
DRAFTS_DIR = (STATIC_ROOT - 1).path("drafts")

# Named by their content as in production, but not compressed: that takes a while.
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
