from pathlib import Path

import pytest
from pytest_django import Settings

from config import languages
from tests.languages.pseudo import write_catalogues


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for LOCALE_DIR, with a pseudo-English and an Arabic of letters only."""
    folder = tmp_path_factory.mktemp("locale")
    write_catalogues(folder)
    return folder


@pytest.fixture
def more_languages(settings: Settings, catalogues: Path) -> None:
    """The site as it is with LOCALE_DIR set to that folder."""
    settings.LOCALE_PATHS = [catalogues, *settings.LOCALE_PATHS]
    settings.LANGUAGES = languages.found_in(settings.LOCALE_PATHS)
