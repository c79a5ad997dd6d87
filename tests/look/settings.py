"""Production's settings, with all files in a folder of the test."""

from config.settings import env
from tests.journey.settings import *  # noqa: F403 - all but these

MEDIA_ROOT = env.path("LOOK_MEDIA_ROOT")
DRAFTS_DIR = MEDIA_ROOT.path("drafts")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "tests.look.urls"
