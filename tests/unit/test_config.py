"""monitor.yaml as its operator meets it: what it may say, and what is said of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.settings import Settings, load_settings
from monitor.errors import BadConfiguration
from monitor.model import Severity


def load(folder: Path, text: str, **environ: str) -> Settings:
    (folder / "monitor.yaml").write_text(text, encoding="utf-8")
    return load_settings(folder / "monitor.yaml", environ)


def problems(folder: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(BadConfiguration) as caught:
        load(folder, text, **environ)
    return [str(problem) for problem in caught.value.problems]


def test_without_a_file_the_bundled_pack_is_watched_in_the_terminal(tmp_path: Path) -> None:
    settings = load_settings(None, {"XDG_STATE_HOME": str(tmp_path)})
    assert settings.pack.name == "kosovo-serbia"
    assert settings.database == str(tmp_path / "newsmonitor" / "monitor.db")
    assert [channel.url for channel in settings.channels] == ["terminal://"]


def test_paths_are_relative_to_the_file_and_secrets_come_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "token").write_text("slack://a/b/c\n")
    settings = load(
        tmp_path,
        "version: 1\noverlay: mine\ndatabase: state/x.db\nchannels:\n"
        '  chat: {url: "tgram://${TOKEN}/1", min_severity: high, languages: [sr, sq]}\n  slack: {url_file: token}\n',
        TOKEN="abc",
    )
    chat, slack = settings.channels
    assert settings.overlay == tmp_path / "mine"
    assert settings.database == str(tmp_path / "state" / "x.db")
    assert chat.url == "tgram://abc/1"
    assert chat.min_severity is Severity.HIGH
    assert chat.languages == ("sr", "sq")
    assert slack.url == "slack://a/b/c"


def test_a_secret_is_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(tmp_path, 'version: 1\nchannels: {chat: {url: "${URL}"}}\n', URL="tgram://sehr-geheim/1")
    assert "sehr-geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language: en\n", ":1:1: error[C001]: the file must say “version: 1”."),
        ("version: 1\nlangauge: en\n", ":2:1: error[C101]: “langauge”"),
        ("version: 1\nlangauge: en\n", "did you mean “language”?"),
        ("version: 1\nlanguage: de\n", "“de” is not possible here."),
        ("version: 1\ntimezone: Belgrade\n", "“Belgrade” is not a time zone."),
        ("version: 1\npack: kosovo-serbi\n", "did you mean “kosovo-serbia”?"),
        ("version: 1\noverlay: nowhere\n", "there is no folder “nowhere”."),
        ('version: 1\nchannels: {chat: {url: "${NO_SUCH}"}}\n', "the environment has no variable NO_SUCH."),
        ("version: 1\nchannels: {chat: {min_severity: high}}\n", "needs either url: or url_file:."),
        ("version: 1\nchannels: {chat: {url_file: gone}}\n", "cannot read"),
        ("version: 1\nchannels: {chat: {url: x, min_severity: hihg}}\n", "did you mean “high”?"),
        ("version: 1\nroutes: [{send: [nobody]}]\n", "“nobody” is not possible here."),
        ("version: 1\nroutes: [{rules: [a]}]\n", "a route needs send:"),
        ("version: 1\nversion: 1\n", "stands here twice"),
        ("", "is empty."),
        ("version: 1\n\tlanguage: en\n", "a tab cannot indent a line."),
        ("version: 1\nchannels: [\n", "cannot be read"),
    ],
)
def test_a_mistake_is_reported_at_its_place(tmp_path: Path, text: str, says: str) -> None:
    found = problems(tmp_path, text)
    assert any(says in problem for problem in found), found


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "version: 1\nlanguage: xx\ntimezone: Nowhere\npacks: a\n")) == 3


def test_proof_of_life_is_off_until_it_is_asked_for(tmp_path: Path) -> None:
    proof = load(tmp_path, "version: 1\n").proof
    assert (proof.heartbeat_url, proof.http_host, proof.canary_at, proof.all_quiet_at) == ("", "", None, None)


def test_proof_of_life_is_read(tmp_path: Path) -> None:
    text = (
        'version: 1\nheartbeat: {url: "${HC_URL}", every: 30s}\nhttp: 127.0.0.1:9107\ncanary: {at: "06:00"}\n'
        'all_quiet: "07:30"\nfeed_alerts: {failing_after: 2h, failing_polls: 5}\n'
    )
    proof = load(tmp_path, text, HC_URL="https://hc.example/secret-1234").proof
    assert proof.heartbeat_url == "https://hc.example/secret-1234"
    assert "secret-1234" not in repr(proof)
    assert (proof.heartbeat_every, proof.http_host, proof.http_port) == (30.0, "127.0.0.1", 9107)
    assert (str(proof.canary_at), str(proof.all_quiet_at)) == ("06:00:00", "07:30:00")
    assert (proof.failing_after.total_seconds(), proof.failing_polls) == (7200, 5)


def test_an_address_that_others_can_reach_has_to_be_wanted(tmp_path: Path) -> None:
    proof = load(tmp_path, "version: 1\nhttp: {bind: '0.0.0.0:9107', public: yes}\n").proof
    assert (proof.http_host, proof.http_port) == ("0.0.0.0", 9107)
    assert load(tmp_path, "version: 1\nhttp: '[::1]:9107'\n").proof.http_host == "::1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("heartbeat: https://hc.example/1\n", "heartbeat needs url:"),
        ("heartbeat: {url: hc.example}\n", "heartbeat needs url: with an http address."),
        ("heartbeat: {url: 'https://hc.example/1', every: often}\n", "“often” is not a length of time."),
        ("http: 0.0.0.0:9107\n", "can be reached from other machines"),
        ("http: {bind: '192.0.2.1:9107'}\n", "can be reached from other machines"),
        ("http: 9107\n", "is not an address and a port."),
        ("http: localhost:99999\n", "is not an address and a port."),
        ("canary: {at: 6}\n", "“6” is not a time of the day."),
        ("canary: {when: '06:00'}\n", "“when”"),
        ("all_quiet: 25:00\n", "is not a time of the day."),
        ("feed_alerts: {failing_polls: 0}\n", "is not a number of polls."),
    ],
)
def test_a_mistake_in_proof_of_life_is_reported(tmp_path: Path, text: str, says: str) -> None:
    found = problems(tmp_path, "version: 1\n" + text)
    assert any(says in problem for problem in found), found


def test_manners_of_channels_and_digests(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        'version: 1\nchannels:\n  phone: {url: "terminal://", quiet: "23:00-06:00", burst: 5, per_minute: 4}\n'
        'digests:\n  daily: {at: "07:00", send: [phone], min_severity: medium}\n'
    )
    settings = load_settings(path, {})
    [channel], [digest] = settings.channels, settings.digests
    assert (str(channel.quiet), channel.burst, channel.per_minute) == ("23:00–06:00", 5, 4)
    assert (digest.name, digest.cron, digest.send) == ("daily", "0 7 * * *", ("phone",))


def test_every_mistake_in_manners_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        'version: 1\nchannels:\n  phone: {url: "terminal://", quiet: night, burst: 0}\n'
        "digests:\n  daily: {at: morning, send: [phome], hour: 7}\n  weekly: {min_severity: huge}\n"
        '  odd: {cron: "0 7 * * 1-5", send: [phone]}\n  never: {cron: "0 7 31 2 *", send: [phone]}\n'
    )
    with pytest.raises(BadConfiguration) as raised:
        load_settings(path, {})
    text = str(raised.value)
    for part in (
        "“night” are no hours",
        "not a number above 0",
        "daily” needs a time",
        "weekly” needs either at: or cron:",
        "days of the week are written as mon-fri",
        "that day never comes",
        "phone”?",
        "hour",
        "huge",
        "send:",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", [15, 60, 360, 1440]),
        ("revisions: [2h, 5m]\n", [5, 120]),
        ("revisions: off\n", []),
        ("revisions: 15m\n", [15]),
    ],
)
def test_when_articles_are_read_again(tmp_path: Path, text: str, minutes: list[int]) -> None:
    (tmp_path / "monitor.yaml").write_text("version: 1\n" + text)
    settings = load_settings(tmp_path / "monitor.yaml", {})
    assert [span.total_seconds() / 60 for span in settings.revisions] == minutes


@pytest.mark.parametrize("text", ["revisions: [soon]", "revisions: [0m]", "revisions: [90h]"])
def test_a_time_that_is_none_is_told_with_how_to_write_it(tmp_path: Path, text: str) -> None:
    assert any("revisions: [15m, 1h" in problem for problem in problems(tmp_path, f"version: 1\n{text}\n"))
