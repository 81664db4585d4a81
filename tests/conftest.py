"""Settings for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests/fakes.py
pytest_plugins = ["faults.report"]


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled rules are shared by all tests of a run, and by no two runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        # The form dictionaries take seconds to read and are forgotten after compiling; tests compile many times.
        patch.setattr("monitor.rules.vocabulary.forget", lambda: None)
        yield
