"""Production's settings; only pictures of drafts have a folder of the tests' own.

The worker sweeps there: it knows the test's drafts, not those of the developer.
"""

from config.settings import *  # noqa: F403 - all but this
from config.settings import VAR_DIR

DRAFTS_DIR = VAR_DIR / "test-drafts"
