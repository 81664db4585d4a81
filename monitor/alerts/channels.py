"""Named places to send: any service Apprise knows, the terminal, a mailbox folder. The only module that knows Apprise.

Apprise calls success what is none (a redirect followed with an empty GET, a mistyped URL beside a good one), retries
a good recipient because of a bad one, and cannot be stopped while a server drips its answer. So: one URL and one
recipient a channel, checked when it is opened; every send in a worker process that can be killed; redirects off;
the message cut by us; and the outcome judged by what the server really answered.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import apprise
from apprise import plugins
from rich.console import Console

from monitor.alerts.local import MailboxChannel, TerminalChannel, done
from monitor.alerts.outcome import judge_send, watch_http
from monitor.alerts.plain import cut, shorten
from monitor.config.settings import ChannelSettings
from monitor.errors import BadConfiguration, Problem
from monitor.model import Delivery, SendResult
from monitor.ports import Channel
from monitor.yamlfile import did_you_mean

if TYPE_CHECKING:
    from monitor.workers import Workers

SECONDS = 20.0
"""For one send, after which its worker is killed."""
CONNECT_SECONDS = 8.0
READ_SECONDS = 15.0
"""A server that accepts after Apprise's own 4 s would be sent the same alert again."""
THREAD_DOMAIN = "newsmonitor.invalid"

_LOCAL = ("terminal", "mailbox")
_NOT_ASKED = ("service_url", "setup_url", "app_url", "image_url_mask", "image_url_logo")  # links for people


def open_channels(
    settings: Iterable[ChannelSettings], workers: Workers, console: Console | None = None
) -> dict[str, Channel]:
    """A channel for each setting, by name, in their order.

    Raises BadConfiguration naming every channel whose URL no service understands, which lacks a package, or which
    has several recipients. Nothing is sent. URLs are secrets and never part of a message.
    """
    channels: dict[str, Channel] = {}
    problems: list[Problem] = []
    for setting in settings:
        scheme, separator, rest = setting.url.partition("://")
        scheme = scheme.lower() if separator else ""
        if scheme == "terminal":
            channels[setting.name] = TerminalChannel(setting.name, console or Console())
        elif scheme == "mailbox" and rest:
            channels[setting.name] = MailboxChannel(setting.name, Path(rest).expanduser())
        else:
            what, suggestion, service = _check(scheme, setting.url)
            if service is None:
                text = f"channel “{setting.name}” {what}"
                problems.append(setting.place.problem("C201", text, suggestion))
            else:
                channels[setting.name] = AppriseChannel(setting.name, setting.url, service, workers)
    if problems:
        raise BadConfiguration(tuple(problems))
    return channels


@dataclass(frozen=True, slots=True)
class Service:
    """What we need to know of an Apprise service to cut a message for it."""

    name: str
    title_limit: int  # characters; 0 = it has no titles
    body_limit: int
    shared: bool  # title and body share the body's limit


class AppriseChannel:
    """One Apprise URL with one recipient."""

    def __init__(self, name: str, url: str, service: Service, workers: Workers) -> None:
        self.name = name
        self.service = service
        self._url = url
        self._workers = workers

    def __repr__(self) -> str:
        return f"AppriseChannel({self.name!r}, {self.service.name})"

    def send(self, delivery: Delivery) -> Future[SendResult]:
        title, body = fit(delivery.subject, delivery.body, self.service)
        answer: Future[SendResult] = Future()
        arguments = (self._url, title, body, delivery.alert, delivery.story)
        try:
            sending = self._workers.run(deliver, *arguments, timeout=SECONDS)
        except Exception as error:  # a pool that is closed or broken must not stop the caller
            return done(SendResult(ok=False, detail=f"not sent: {type(error).__name__}"))
        sending.add_done_callback(lambda future: answer.set_result(_answer(future)))
        return answer


def fit(subject: str, body: str, service: Service) -> tuple[str, str]:
    """Title and body as the service takes them: cut once with a mark, never split; the alert's id stays."""
    if service.title_limit <= 0:
        return "", cut(f"{subject}\n{body}", service.body_limit)
    title = shorten(subject, service.title_limit)
    return title, cut(body, service.body_limit - (len(title) + 2 if service.shared else 0))


def deliver(url: str, title: str, body: str, alert: str, story: str) -> SendResult:
    """Send one message; runs in a worker process. The answer holds no secret and no text of the server's."""
    _quiet(logging.DEBUG)  # the cause of a failed mail is told nowhere else
    service = _plugin(url, alert, story)
    if service is None:
        return SendResult(ok=False, temporary=False, detail="the channel's URL is not understood any more")
    sender = apprise.Apprise(asset=_asset())
    sender.add(service)
    # Where a service reads Markdown only, Apprise's escaping of plain text would break the links.
    kinds = apprise.NotifyFormat
    kind = kinds.MARKDOWN if service.notify_format is kinds.MARKDOWN else kinds.TEXT
    with watch_http() as answers:
        result = sender.notify(title=title, body=body, body_format=kind, log_level=logging.DEBUG)
    return judge_send(result.status.name, answers, [entry.message for entry in result.logs()])


def _answer(future: Future[SendResult]) -> SendResult:
    """What came back from the worker, whatever happened to it."""
    try:
        return future.result()
    except CancelledError:
        return SendResult(ok=False, detail="stopped before it was sent")
    except Exception as error:
        kind = getattr(error, "kind", type(error).__name__)
        if kind == "timeout":
            return SendResult(ok=False, detail=f"no answer within {SECONDS:.0f} s; it may have arrived")
        return SendResult(ok=False, detail=f"sending failed: {kind}")


def _check(scheme: str, url: str) -> tuple[str, str, Service | None]:
    """What is wrong with a channel's URL and what to do about it, or the service it stands for."""
    _quiet()
    known = plugins.N_MGR.schemas()  # type: ignore[no-untyped-call]
    if not scheme:
        return "has no URL of the form service://…", f"services: {', '.join(_LOCAL)}, mailtos, tgram, slack, …", None
    if scheme == "mailbox":
        return "needs a folder: mailbox:///folder", "", None
    service = _plugin(url)
    if service is None:
        return *_why_not(scheme, known), None
    if len(service) > 1 or getattr(service, "cc", None) or getattr(service, "bcc", None):
        what = f"has {max(len(service), 2)} recipients; a channel has one."
        return what, "write one channel for each: a retry for one would double the messages of the others", None
    shared = bool(service.overflow_amalgamate_title)
    return "", "", Service(str(service.service_name), service.title_maxlen, service.body_maxlen, shared)


def _why_not(scheme: str, known: Iterable[str]) -> tuple[str, str]:
    if scheme in ("http", "https"):
        return "has a web address that belongs to no service we know.", "for a webhook write json:// or jsons://"
    if scheme not in known:
        near = did_you_mean(scheme, [*known, *_LOCAL])
        return f"has the unknown service “{scheme}://”.", near
    plugin = plugins.N_MGR[scheme]
    if not plugin.enabled:
        needed = plugin.requirements.get("packages_required") or "a package that is not installed"
        return f"uses “{scheme}://”, which needs {_listed(needed)}.", f"pip install {_listed(needed)!r}"
    hint = f"how to write it: {plugin.setup_url}" if plugin.setup_url else ""
    return f"has a URL that “{scheme}://” does not understand; something in it is missing or mistyped.", hint


def _listed(names: Any) -> str:
    return names if isinstance(names, str) else ", ".join(str(name) for name in names)


def _asset() -> apprise.AppriseAsset:
    """Ours: plain calls in this thread, no redirects, no pictures from elsewhere, nothing kept on disk."""
    asset = apprise.AppriseAsset(storage_mode="memory", service_timeout=0)
    asset.app_id = asset.app_desc = "newsmonitor"
    asset.app_url = asset.image_url_mask = asset.image_url_logo = ""
    asset.http_redirects = asset.async_mode = False
    return asset


def hosts_of(url: str) -> tuple[str, ...]:
    """The hosts that a channel's address may lead to: the service's own, or the server that the address names.

    Never a part of the address that is a key: many services write keys where others write a host.
    """
    service = _plugin(url)
    if service is None:
        return ()
    kind = type(service)
    named = {name: getattr(kind, name) for name in dir(kind) if name.endswith("_url") and name not in _NOT_ASKED}
    hosts = {urlsplit(value).hostname for value in named.values() if isinstance(value, str) and "://" in value}
    own = str(getattr(service, "smtp_host", "") or getattr(service, "host", "") or "")
    if hosts and not (getattr(service, "mode", "") == "private" and own):
        return tuple(sorted(host for host in hosts if host and "{" not in host)) or (str(service.service_name),)
    return (own,) if "." in own or own == "localhost" else (str(service.service_name),)


def _plugin(url: str, alert: str = "", story: str = "") -> Any:
    """The Apprise service of a URL with our settings over the user's, or None if there is none."""
    with suppress(Exception):  # a plugin may raise anything about a URL it does not like
        parts = plugins.url_to_dict(url, secure_logging=True)  # type: ignore[no-untyped-call]
        if not parts:
            return None
        parts.setdefault("cto", CONNECT_SECONDS if "targets" not in parts else READ_SECONDS)
        parts.setdefault("rto", READ_SECONDS)
        parts.pop("format", None)
        parts |= {"redirect": False, "overflow": "upstream"}
        if isinstance(parts.get("headers"), dict) and alert:
            parts["headers"]["X-Alert-Id"] = alert
            if str(parts["schema"]).startswith("mailto") and story:
                parts["headers"]["References"] = f"<{story}@{THREAD_DOMAIN}>"
        if isinstance(parts.get("payload"), dict) and alert:
            parts["payload"] |= {"alert": alert, "story": story}
        return apprise.Apprise.instantiate(parts, asset=_asset())
    return None


def _quiet(level: int = logging.CRITICAL) -> None:
    """Keep Apprise's own log lines, which show tokens at DEBUG, from being printed anywhere."""
    logger = logging.getLogger("apprise")
    logger.setLevel(level)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
