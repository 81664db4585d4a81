"""Watches the news of a region and tells people, once per event, what happened and why it thinks so."""

__version__ = "0.1.0"
