"""The site's own settings; only what it writes goes into the folder of this run."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

_home = Path(os.environ["BENCH_HOME"])
STATIC_ROOT = _home / "static"
MEDIA_ROOT = _home / "media"
DRAFTS_DIR = _home / "drafts"
VAR_DIR = Path(os.environ.get("BENCH_VAR", _home))
PAGES_DIR = VAR_DIR / "pages"
