"""The folders the program uses by itself: where its state and its cache lie, and the bundled region packs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where the database lives unless monitor.yaml says otherwise (XDG base directory specification 0.8)."""
    base = environ.get("STATE_DIRECTORY") or environ.get("XDG_STATE_HOME") or "~/.local/state"
    folder = Path(base).expanduser()
    return folder if environ.get("STATE_DIRECTORY") else folder / "newsmonitor"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where copies of what can be made again are kept (XDG base directory specification 0.8)."""
    if own := environ.get("CACHE_DIRECTORY"):
        return Path(own)
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "newsmonitor"


def packs_folder() -> Path:
    """The bundled region packs: inside the installed package, or `rules/` beside it in a checkout."""
    program = Path(__file__).resolve().parents[1]
    installed = program / "packs"
    return installed if installed.is_dir() else program.parent / "rules"
