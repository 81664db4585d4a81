"""monitor.yaml and the environment -> Settings, or every problem at once.

Secrets come from the environment (`url: "${NAME}"`) or from a file (`url_file: path`); they are never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.config.folders import cache_folder, packs_folder, state_folder
from monitor.config.hours import Quiet
from monitor.config.manners import (
    BURST,
    CHANNEL_KEYS,
    PACE,
    REVISIONS,
    DigestSettings,
    read_digests,
    read_number,
    read_quiet,
    read_receipt,
    read_revisions,
)
from monitor.config.proof import KEYS as PROOF_KEYS
from monitor.config.proof import Proof, read_proof
from monitor.errors import BadConfiguration, Problem
from monitor.model import Severity
from monitor.yamlfile import NOWHERE, Node, Place, did_you_mean, read_yaml, unknown_keys

LANGUAGES = ("en", "sq", "sr", "mk")
SEVERITIES = tuple(severity.label for severity in Severity)
DEFAULT_PACK = "kosovo-serbia"
LONGEST_SECRET = 10_000  # bytes of a file that holds an address

_TOP = (
    *("version", "language", "timezone", "pack", "overlay", "bundled_feeds", "database", "contact"),
    *("channels", "routes", "digests", "revisions", *PROOF_KEYS),
)
_CHANNEL = ("url", "url_file", "min_severity", "languages", *CHANNEL_KEYS)
_ROUTE = ("rules", "tags", "min_severity", "send")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """A named place to send. `url` is a secret: an Apprise URL, `terminal://` or `mailbox:///folder`."""

    name: str
    url: str = field(repr=False)
    place: Place = NOWHERE
    min_severity: Severity = Severity.INFO
    languages: tuple[str, ...] = ()  # only articles in these languages; () = all
    quiet: Quiet | None = None  # hours in which only critical messages go out
    burst: int = BURST  # messages in ten minutes before the rest come as one digest
    per_minute: int = 0  # messages at most; 0 = no limit
    receipt: str = field(default="", repr=False)  # where it shows that a message arrived; a secret


@dataclass(frozen=True, slots=True)
class Route:
    """Alerts of these rules, tags or severities go to these channels instead of to all."""

    send: tuple[str, ...]
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Paths are absolute."""

    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    pack: Path = Path()
    overlay: Path | None = None
    bundled_feeds: bool = True
    database: str = ""
    cache: Path = Path()  # compiled rules, which can be compiled again
    contact: str = ""  # an address that outlets can write to; part of the User-Agent
    channels: tuple[ChannelSettings, ...] = ()
    routes: tuple[Route, ...] = ()
    digests: tuple[DigestSettings, ...] = ()
    revisions: tuple[timedelta, ...] = REVISIONS
    proof: Proof = field(default_factory=Proof)
    file: Path | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Addresses that no log line may show."""
        texts = (text for channel in self.channels for text in (channel.url, channel.receipt))
        return tuple(text for text in (*texts, self.proof.heartbeat_url) if text)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that rules are read from; later ones override earlier ones."""
        return (self.pack, self.overlay) if self.overlay else (self.pack,)


def load_settings(path: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a file, or the defaults (bundled pack, SQLite in the state folder, terminal) without one.

    Raises BadConfiguration with every problem found.
    """
    environ = os.environ if environ is None else environ
    if path is None:
        return Settings(
            pack=packs_folder() / DEFAULT_PACK,
            database=str(state_folder(environ) / "monitor.db"),
            cache=cache_folder(environ),
            channels=(ChannelSettings("terminal", "terminal://"),),
        )
    root, problems = read_yaml(path)
    if root is None:
        raise BadConfiguration(tuple(problems))
    reader = _Reader(path.resolve().parent, environ, problems)
    settings = reader.settings(root, path.resolve())
    if problems:
        raise BadConfiguration(tuple(sorted(_without_secrets(problem) for problem in problems)))
    return settings


def _without_secrets(problem: Problem) -> Problem:
    """A line with an address on it may hold a password: it is not shown again."""
    return replace(problem, excerpt="") if "://" in problem.excerpt else problem


class _Reader:
    """Reads one monitor.yaml, collecting problems instead of stopping at the first."""

    def __init__(self, base: Path, environ: Mapping[str, str], problems: list[Problem]) -> None:
        self.base = base
        self.environ = environ
        self.problems = problems

    def settings(self, root: Node, path: Path) -> Settings:
        self.problems += unknown_keys(root, _TOP, "monitor.yaml", "C101")
        version = root.get("version")
        if version is None or version.text != "1":
            place = version.place if version else root.place
            self.problems.append(place.problem("C001", "the file must say “version: 1”."))
        channels = self._channels(root.get("channels"))
        names = tuple(channel.name for channel in channels)
        overlay = root.get("overlay")
        return Settings(
            language=self._one_of(root.get("language"), LANGUAGES, "en"),
            zone=self._zone(root.get("timezone")),
            pack=self._pack(root.get("pack")),
            overlay=self._folder(overlay) if overlay and overlay.text else None,
            bundled_feeds=self._one_of(root.get("bundled_feeds"), ("on", "off"), "on") == "on",
            database=self._database(root.get("database")),
            cache=cache_folder(self.environ),
            contact=self._text(root.get("contact")),
            channels=channels or (ChannelSettings("terminal", "terminal://"),),
            routes=self._routes(root.get("routes"), names),
            digests=read_digests(root.get("digests"), names, self.problems),
            revisions=read_revisions(root.get("revisions"), self.problems),
            proof=read_proof(root, self._secret, self.problems),
            file=path,
        )

    def _say(self, node: Node, code: str, what: str, suggestion: str = "") -> None:
        self.problems.append(node.place.problem(code, what, suggestion))

    def _text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if not node.is_text:
            self._say(node, "C102", "one text is expected here.")
        return node.text

    def _one_of(self, node: Node | None, known: tuple[str, ...], default: str) -> str:
        if node is None:
            return default
        if node.text not in known:
            hint = did_you_mean(node.text, known) or "one of: " + ", ".join(known)
            self._say(node, "C103", f"“{node.text}” is not possible here.", hint)
            return default
        return node.text

    def _severity(self, node: Node | None) -> Severity:
        return Severity.of(self._one_of(node, SEVERITIES, "info"))

    def _zone(self, node: Node | None) -> ZoneInfo:
        name = self._text(node) or "UTC"
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            assert node is not None
            self._say(node, "C104", f"“{name}” is not a time zone.", "write it as Europe/Belgrade")
            return ZoneInfo("UTC")

    def _path(self, text: str) -> Path:
        return (self.base / Path(text).expanduser()).resolve()

    def _folder(self, node: Node) -> Path:
        folder = self._path(node.text)
        if not folder.is_dir():
            self._say(node, "C105", f"there is no folder “{node.text}”.", f"looked for {folder}")
        return folder

    def _pack(self, node: Node | None) -> Path:
        if node is None or not node.text:
            return packs_folder() / DEFAULT_PACK
        if "/" in node.text or node.text.startswith("."):
            return self._folder(node)
        bundled = sorted(folder.name for folder in packs_folder().iterdir() if folder.is_dir())
        if node.text not in bundled:
            hint = did_you_mean(node.text, bundled) or "bundled packs: " + ", ".join(bundled)
            self._say(node, "C106", f"there is no bundled pack “{node.text}”.", hint)
        return packs_folder() / node.text

    def _database(self, node: Node | None) -> str:
        text = self._secret(node) if node else ""
        if not text:
            return str(state_folder(self.environ) / "monitor.db")
        return text if "://" in text else str(self._path(text))

    def _secret(self, node: Node) -> str:
        """The text with every ${NAME} replaced from the environment."""

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            if not self.environ.get(name):
                self._say(node, "C107", f"the environment has no variable {name}.", f"set it: export {name}=…")
            return self.environ.get(name, "")

        return _VARIABLE.sub(value, self._text(node)).strip()

    def _channels(self, node: Node | None) -> tuple[ChannelSettings, ...]:
        channels = []
        for name, channel in node or ():
            self.problems += unknown_keys(channel, _CHANNEL, "a channel", "C101")
            languages = channel.get("languages")
            url = self._channel_url(name, channel)
            channels.append(
                ChannelSettings(
                    name,
                    url,
                    replace(channel.place, excerpt=""),  # the line may hold the address, which is a secret
                    self._severity(channel.get("min_severity")),
                    tuple(self._one_of(item, LANGUAGES, "en") for item in languages.items) if languages else (),
                    read_quiet(channel.get("quiet"), self.problems),
                    read_number(channel.get("burst"), BURST, self.problems),
                    read_number(channel.get("per_minute"), PACE.get(url.partition("://")[0], 0), self.problems),
                    read_receipt(channel.get("receipt"), self._secret, self.problems),
                )
            )
        return tuple(channels)

    def _channel_url(self, name: str, channel: Node) -> str:
        url, url_file = channel.get("url"), channel.get("url_file")
        if (url is None) == (url_file is None):
            self._say(channel, "C108", f"channel “{name}” needs either url: or url_file:.")
        if url is not None:
            text = self._secret(url)
            if not text and not any(problem.line == url.place.line for problem in self.problems):
                self._say(url, "C108", f"channel “{name}” has an empty url.")
            return text
        if url_file is None:
            return ""
        path = self._path(url_file.text)
        try:
            with path.open("rb") as handle:
                secret = handle.read(LONGEST_SECRET + 1)
        except OSError as error:
            self._say(url_file, "C109", f"cannot read {path}: {error.strerror}.")
            return ""
        if len(secret) > LONGEST_SECRET:
            self._say(url_file, "C109", f"{path} is longer than an address: more than {LONGEST_SECRET:,} bytes.")
            return ""
        return secret.decode("utf-8", "replace").strip()

    def _routes(self, node: Node | None, channels: tuple[str, ...]) -> tuple[Route, ...]:
        routes = []
        for route in node.items if node else ():
            self.problems += unknown_keys(route, _ROUTE, "a route", "C101")
            send = route.get("send")
            if send is None:
                self._say(route, "C110", "a route needs send: with the names of channels.")
            rules, tags = route.get("rules"), route.get("tags")
            routes.append(
                Route(
                    tuple(self._one_of(item, channels, "") for item in send.items) if send else (),
                    tuple(item.text for item in rules.items) if rules else (),
                    tuple(item.text for item in tags.items) if tags else (),
                    self._severity(route.get("min_severity")),
                )
            )
        return tuple(routes)
