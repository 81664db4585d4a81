"""The hostile site, the fetcher and the workers that the tests of the fault matrix share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.faulty_world import World
from hostile_site import Site

from monitor.fetch import AioFetcher
from monitor.workers import Workers


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def fetcher() -> Iterator[AioFetcher]:
    fetcher = AioFetcher(per_host=8)
    yield fetcher
    fetcher.close()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers(count=2, counts_work=True)
    yield workers
    workers.close()


@pytest.fixture
def world(tmp_path: Path, site: Site, fetcher: AioFetcher, workers: Workers) -> Iterator[World]:
    """A desk that has watched the feed for a while."""
    made = World(tmp_path, site, fetcher, workers)
    made.begin()
    yield made
    made.close()
