"""The site's own settings; only what it writes goes into the folder of this run."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

_home = Path(os.environ["BENCH_HOME"])
STATIC_ROOT = _home / "static"
MEDIA_ROOT = _home / "media"
PAGES_DIR = _home / "pages"
