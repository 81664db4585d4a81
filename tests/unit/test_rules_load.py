"""Loading: good files become a rule set; every mistake in bad ones is reported at its place, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_desk import RULE, WORDS, PlainVocabulary, desk, load_texts

from monitor.errors import Problem
from monitor.model import Severity
from monitor.rules.load import load

BAD = """version: 1
rules:
  - id: Troops Near Border
    title: Troops near the border
    severity: hihg
    find:
      witihn: sentence
      all: [troop, border, "the sides"]
    score:
      need: 9
      points:
        - {add: 4, why: headline, when: {in: titel, all: [troops]}}
    time: {event_within: 7 days, background: no}
    unless: [sports]
    escalate:
      - {to: high, when: {outlets: 3, within: 6h}}
      - {to: high, when: {sources: 3}}
    story: {same: [rule]}
    send: [desk-telegramm]
  - id: never
    title: Never
    severity: low
    find:
      all:
        - troops
        - none: [troops]
    tests:
      - it: nothing here fires
        lang: al
        published: 2024-02-30
        text: "x"
        expect: {fires: true}
  - id: quick
    title: Quick rule
    severity: low
    find: {any: [{say: "po*"}, {name: Jarinja}]}
    tests: []
  - {id: rate, title: Rate, severity: low, type: spike, count: {}}
"""

EXPECTED = [
    (3, 9, "R302", "cannot be the id of a rule", "write “troops-near-border”"),
    (3, 5, "W601", "has no tests, so it stays in status: trial", "where it must keep quiet"),
    (5, 15, "R304", "“hihg” is not a severity", "did you mean “high”?"),
    (7, 7, "R101", "“witihn” is not something a condition can have", "did you mean “within”?"),
    (8, 13, "R201", "there is no concept or actor called “troop”", "did you mean “troops”?"),
    (8, 28, "R201", "there is no concept or actor called “the sides”", 'write {say: "the sides"}'),
    (10, 13, "R502", "needs 9 points but all points together give 4", "lower need: to 4 or less"),
    (12, 46, "R304", "“titel” is not a value for in", "did you mean “title”?"),
    (13, 26, "R301", "“7 days” is not a length of time for event_within", "write 7d   (m = minutes"),
    (13, 46, "R304", "“no” is not a value for background", "ignore, allow"),
    (14, 14, "R202", "there is no exclusion called “sports”", "did you mean “sport”?"),
    (16, 47, "R305", "within: is a distance in the text; “6h” is a time", "write during: 6h"),
    (17, 27, "R101", "“sources” is not something", "did you mean “outlets”?"),
    (18, 5, "R101", "“story” is not something a rule can have", "decided by the program"),
    (19, 12, "R204", "there is no channel called “desk-telegramm”", "did you mean “desk-telegram”?"),
    (24, 7, "R501", "it asks for “troops” and for no “troops” at the same time", ""),
    (29, 15, "R306", "“al” is not one of this desk's languages", "did you mean “sq” (Albanian)?"),
    (30, 20, "R307", "“2024-02-30” is not a date", "February 2024 has 29 days"),
    (36, 24, "R401", "“po*”: beginnings of words (*) cannot be searched for", "endings are automatic"),
    (36, 39, "R201", "no place or actor is called “Jarinja”", "did you mean “Jarinje”?"),
    (37, 5, "W601", "rule “quick” has no tests", ""),
    (38, 50, "R304", "rules of type spike come later", ""),
]


def test_every_mistake_is_reported_at_once_with_its_place_and_a_suggestion(tmp_path: Path) -> None:
    loaded = load_texts(tmp_path, BAD, WORDS, channels=["desk-telegram"])
    assert loaded.rule_set is None
    said = [(one.line, one.column, one.code) for one in loaded.problems]
    assert sorted(said) == sorted((line, column, code) for line, column, code, _, _ in EXPECTED)
    for line, column, code, what, suggestion in EXPECTED:
        problem = next(one for one in loaded.problems if (one.line, one.column, one.code) == (line, column, code))
        assert what in problem.what
        assert suggestion in problem.suggestion
        assert problem.severity == ("warning" if code.startswith("W") else "error")


def test_a_problem_is_shown_with_its_line_and_a_caret(tmp_path: Path) -> None:
    loaded = load_texts(tmp_path, BAD, WORDS)
    shown = str(next(one for one in loaded.problems if one.line == 7))
    assert "0.yaml:7:7: error[R101]" in shown
    assert "       7 |       witihn: sentence\n         |       ^\n         = did you mean “within”?" in shown


def problems_of(folder: Path, *files: str) -> list[Problem]:
    return list(load_texts(folder, *files).problems)


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("", "R007", "is empty"),
        ("rules: []", "R102", "begins with its version"),
        ("version: 2", "R304", "reads version 1"),
        ("- a\n- b", "R303", "list of keys"),
        ("version: 1\nrulez: []", "R101", "“rulez” is not something"),
        ("version: 1\nconcepts:\n\ta: {}", "R004", "tab"),
        ("version: 1\nconcepts: {a: {words: {en: [x]}}, a: {words: {en: [y]}}}", "R010", "twice"),
        ("version: 1\nconcepts: {a: &x {words: {en: [x]}}, b: *x}", "R008", "alias"),
        ("version: 1\nconcepts: {A b: {words: {en: [x]}}}", "R302", "cannot be the id of a concept"),
        ("version: 1\nconcepts: {a: {}}", "R504", "has no words"),
        ("version: 1\nconcepts: {a: {words: {al: [x]}}}", "R306", "“al”"),
        ("version: 1\nconcepts: {a: {word: {en: [x]}}}", "R101", "“word”"),
        ("version: 1\nconcepts: {a: {kind: verb, words: {en: [x]}}}", "R304", "“verb” is not a kind of concept"),
        ("version: 1\nconcepts: {a: {kind: thign, words: {en: [x]}}}", "R304", "“thign” is not a value for kind"),
        ("version: 1\nconcepts: {a: {words: {en: [unit (nuon)]}}}", "R304", "“nuon” is not a part of speech"),
        ("version: 1\nconcepts: {a: {words: {en: [{say: x, accents: keep}]}}}", "R303", "has to be a text"),
        ("version: 1\nconcepts: {a: {includes: [b]}, b: {includes: [a]}}", "R505", "includes itself"),
        ("version: 1\nconcepts: {a: {includes: [c]}}", "R201", "no concept called “c”"),
        ("version: 1\nactors: {a: {side: x}}", "R102", "has no names"),
        ("version: 1\nactors: {a: {names: [X], surname: always}}", "R304", "“always”"),
        ("version: 1\nactors: {a: {names: [X], roles: {en: [y], since: 2024-13-01}}}", "R307", "is not a date"),
        (
            "version: 1\nactors: {a: {names: [X], roles: {en: [y], since: 2024-02-01, until: 2023-01-01}}}",
            "R307",
            "ends",
        ),
        ("version: 1\nactors: {a: {names: [X]}}\nconcepts: {a: {words: {en: [x]}}}", "R203", "already a concept"),
        ("version: 1\nactors: {actors: {names: [X]}}", "R203", "stands for every actor"),
        ("version: 1\nknown_events: {e: {label: x, about: {say: y}}}", "R102", "has no date"),
        ("version: 1\ntime_words: {months: {en: [May]}}", "R101", "“months”"),
        ("version: 1\ntime_words: {later: {en: [May]}}", "R101", "“later”"),
        ("version: 1\nexclusions: {e: {why: x}}", "R102", "has no when"),
        ("version: 1\noutlets: {o: {feeds: [{url: ftp://x}]}}", "R304", "not the address of a feed"),
        ("version: 1\noutlets: {o: {feeds: [{every: 5m}]}}", "R102", "has no url"),
        ("version: 1\noutlets: {o: {feeds: [{url: 'https://x.rs/', every: 30m..5m}]}}", "R301", "not a range"),
        ("version: 1\noutlets: {o: {feeds: [{url: 'https://x.rs/', every: 1s}]}}", "R301", "not a range"),
        ("version: 1\noutlets: {o: {country: KS}}", "R304", "“KS” is not a country"),
        ("version: 1\noutlets: {o: {languages: [hr]}}", "R306", "“hr”"),
        ("version: 1\noutlets: {o: {reliability: G}}", "R304", "“G”"),
        (
            "version: 1\noutlets: {o: {feeds: ['https://x.rs/']}, p: {feeds: ['https://x.rs/']}}",
            "R010",
            "already a feed",
        ),
        ("version: 1\nrules: {a: {}}", "R303", "rules are a list"),
        ("version: 1\nrules: [{title: x}]", "R102", "has no id"),
        ("version: 1\nrules: [{id: x}]", "R102", "has no find"),
    ],
)
def test_a_mistake_has_its_message(text: str, code: str, what: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path, text)
    assert any(one.code == code and what in one.what for one in found), "\n".join(map(str, found))


def test_a_rule_set_carries_everything_the_files_say(tmp_path: Path) -> None:
    outlets = """
version: 1
outlets:
  kossev:
    name: KoSSev
    country: XK
    languages: [sr, en]
    owner: kossev
    reliability: B
    state_affiliated: no
    tags: [core]
    feeds:
      - {url: "https://kossev.example/feed/", every: 5m..30m, tags: [main]}
      - {url: "http://127.0.0.1:8000/feed", every: 2s, allow_private: yes}
  gone: {status: off, feeds: ["https://gone.example/feed"]}
"""
    rule_set = desk(tmp_path, WORDS, RULE, outlets)
    assert [rule.id for rule in rule_set.rules] == ["troops-near-border"]
    assert rule_set.rules[0].live
    assert rule_set.labels["troops"] == "Soldiers"
    assert rule_set.labels["vucic"] == "Aleksandar Vučić"
    assert rule_set.furniture == (("Read also",), ("…",), ("Latest news",))
    (outlet,) = rule_set.outlets
    assert (outlet.name, outlet.country, outlet.languages, outlet.reliability) == ("KoSSev", "XK", ("sr", "en"), "B")
    assert [(feed.min_interval, feed.max_interval, feed.allow_private) for feed in rule_set.feeds] == [
        (300, 1800, False),
        (2, 2, True),
    ]
    assert rule_set.pack_feeds == {feed.url for feed in rule_set.feeds}
    assert len(rule_set.version) == 12


def test_a_later_folder_replaces_and_switches_off_by_id_and_adds_the_rest(tmp_path: Path) -> None:
    pack, own = tmp_path / "pack", tmp_path / "own"
    (own / "deep").mkdir(parents=True)
    pack.mkdir()
    (pack / "words.yaml").write_text(WORDS)
    (pack / "rule.yml").write_text(RULE + RULE.split("rules:")[1].replace("troops-near-border", "second"))
    (pack / "feeds.yaml").write_text(
        "version: 1\noutlets: {a: {feeds: ['https://a.rs/']}, b: {feeds: ['https://b.rs/']}}"
    )
    (own / "deep" / "mine.yaml").write_text(
        """
version: 1
rules: [{id: second, status: off}]
outlets: {a: {status: off}, c: {feeds: ["https://c.rs/"]}}
exclusions: {sport: {why: games, when: sport}}
time_words: {now: {en: [just now]}}
page_furniture: {stop_after: [More news]}
"""
    )
    before = load([pack], compiler=PlainVocabulary).rule_set
    after = load([pack, own], compiler=PlainVocabulary).rule_set
    assert before is not None
    assert after is not None
    assert [rule.id for rule in before.rules] == ["troops-near-border", "second"]
    assert [rule.id for rule in after.rules] == ["troops-near-border"]
    assert [feed.url for feed in after.feeds] == ["https://b.rs/", "https://c.rs/"]
    assert after.pack_feeds == {"https://b.rs/"}
    assert after.exclusions["sport"].why == "games"
    assert after.furniture[2] == ("Latest news", "More news")
    assert before.version != after.version


def test_the_same_files_give_the_same_version(tmp_path: Path) -> None:
    assert desk(tmp_path, WORDS, RULE).version == desk(tmp_path, WORDS, RULE).version


def test_a_rule_without_tests_stays_on_trial_whatever_it_says(tmp_path: Path) -> None:
    rule = RULE[: RULE.index("    tests:")]
    loaded = load_texts(tmp_path, WORDS, rule)
    assert [problem.code for problem in loaded.problems] == ["W601"]
    assert loaded.rule_set is not None
    assert not loaded.rule_set.rules[0].live


def test_a_mistake_in_one_rule_still_lets_the_others_be_checked(tmp_path: Path) -> None:
    second = RULE.split("rules:")[1].replace("troops-near-border", "second").replace("medium", "loud")
    codes = [one.code for one in problems_of(tmp_path, WORDS, RULE.replace("side]", "sied]") + second)]
    assert codes == ["R201", "R304"]


def test_an_id_that_stands_twice_in_one_folder_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, WORDS, RULE, RULE)
    assert problem.code == "R010"
    assert "1.yaml, line 4" in problem.what


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    loaded = load([tmp_path / "nowhere"], compiler=PlainVocabulary)
    assert loaded.rule_set is None
    assert "nowhere" in loaded.problems[0].file


def test_changes_of_severity_are_told_apart_by_what_decides_them(tmp_path: Path) -> None:
    more = """    escalate:
      - {to: high, when: {outlets: 3, during: 6h}}
      - {to: critical, when: {in: title, any: [incident]}}
    lower: [{to: low, when: {only: state_affiliated}}]
"""
    (rule,) = desk(tmp_path, WORDS, RULE + more).rules
    assert [(one.to, one.raises, one.outlets, one.during) for one in rule.by_story] == [
        (Severity.HIGH, True, 3, 21_600),
        (Severity.LOW, False, 0, 0),
    ]
    assert rule.by_story[1].only == "state_affiliated"
    assert [change.to for change in rule.escalate] == [Severity.CRITICAL]


def test_the_roles_of_an_actor_carry_their_dates(tmp_path: Path) -> None:
    actor = """version: 1
actors:
  kurti:
    names: [Albin Kurti]
    roles: [{en: [prime minister of Kosovo], since: 2021-03-22}, {en: [mayor], until: 2015-01-01}]
"""
    roles = desk(tmp_path, actor).actors["kurti"].roles
    assert [(str(role.since), str(role.until)) for role in roles] == [("2021-03-22", "None"), ("None", "2015-01-01")]
    assert roles[0].words["en"][0].text == "prime minister of Kosovo"
