"""Production's settings, with static files collected into a folder of the test."""

from config.settings import *  # noqa: F403 - all but one
from config.settings import STORAGES, env

STATIC_ROOT = env.path("JOURNEY_STATIC_ROOT")

# Named by their content as in production, but not compressed: that takes a while.
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}
