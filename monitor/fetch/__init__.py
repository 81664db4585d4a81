"""HTTP for feeds and pages: bounded, guarded, never raises. The only place that knows aiohttp."""

from monitor.fetch.client import AioFetcher

__all__ = ["AioFetcher"]
