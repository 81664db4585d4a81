"""The JSON Schema of the files of rules, with this desk's own names, so that editors complete them. Pure.

It is for completion: `monitor check` has the last word and better messages. Keys come from the readers themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from monitor.model import Severity
from monitor.rules import load_concepts, load_conditions, load_outlets, load_rules, load_tests, values
from monitor.rules.definitions import ANY
from monitor.rules.load_changes import STORY_KEYS
from monitor.rules.reading import ACTORS
from monitor.rules.ruleset import RuleSet

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
SCHEMA_FILE = "rules.schema.json"  # beside the rules, where their first line points
HINT = "# yaml-language-server: $schema="  # an editor looks for it in a file's first line
_TEXT: Schema = {"type": "string"}
_SPAN: Schema = {"type": "string", "pattern": r"^\d+[mhdw]$", "description": "30m, 12h, 3d, 2w"}
_NUMBER: Schema = {"type": "integer"}
_YES_NO: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "format": "date"}


def schema(rule_set: RuleSet, channels: Iterable[str] = ()) -> Schema:
    """The schema with the names of this rule set's concepts, actors, places, exclusions and outlets."""
    return {
        "$schema": DRAFT,
        "title": "Rules of the news monitor",
        **_map(
            {
                "version": {"const": 1},
                "concepts": _by_id(_ref("concept")),
                "actors": _by_id(_ref("actor")),
                "known_events": _by_id(_ref("known_event")),
                "exclusions": _by_id(_map({"why": _TEXT, "when": _ref("condition"), "keep_if": _ref("condition")})),
                "outlets": _by_id(_ref("outlet")),
                "rules": {"type": "array", "items": _ref("rule")},
                "time_words": _map({key: _ref("words") for key in load_concepts.CUES}),
                "page_furniture": _map({key: _list(_TEXT) for key in load_concepts.FURNITURE}),
            },
            needed=("version",),
        ),
        "definitions": {**_names(rule_set, channels), **_vocabulary(), **_conditions(), **_rules()},
    }


def _names(rule_set: RuleSet, channels: Iterable[str]) -> dict[str, Schema]:
    spellings = {term.text for concept in rule_set.concepts.values() for line in concept.names for term in line}
    spellings |= {name.text for actor in rule_set.actors.values() for name in actor.names}
    return {
        "id": _one_of([*rule_set.concepts, *rule_set.actors, ACTORS]),
        "concept_id": _one_of(rule_set.concepts),
        "place_or_actor": _one_of(spellings),
        "exclusion": _one_of(rule_set.exclusions),
        "outlet_id": _one_of(outlet.id for outlet in rule_set.outlets),
        "channel": _one_of(channels),
        "language": {"enum": list(values.LANGUAGES)},
        "severity": {"enum": [one.label for one in Severity]},
    }


def _one_of(names: Iterable[str]) -> Schema:
    """Names to choose from. A name that is not among them may be a new one: `monitor check` knows."""
    return {"anyOf": [{"enum": sorted(names)}, _TEXT]}


def _vocabulary() -> dict[str, Schema]:
    term = {**_TEXT, "description": "a dictionary form; (noun) behind it says what it is, = before it: no endings"}
    terms = _list(_ref("term"))
    languages = (*values.LANGUAGES, ANY)
    by_language = dict.fromkeys(languages, terms)
    concept: dict[str, Schema] = {
        "kind": {"enum": list(load_concepts.KINDS)},
        "label": _TEXT,
        "words": _ref("words"),
        "names": {"type": "array", "items": terms, "description": "a line a thing, with all its spellings"},
        "includes": _list(_ref("concept_id")),
        "not": _ref("words"),
        "codes": _map({key: _list(_TEXT) for key in load_concepts.CODES}),
        "wide": _YES_NO,
    }
    office = _map({**by_language, "since": _DAY, "until": _DAY})
    actor: dict[str, Schema] = {
        "names": terms,
        "kind": {"enum": list(load_concepts.KINDS)},
        "surname": {"enum": list(load_concepts.SURNAMES)},
        "roles": {"anyOf": [office, {"type": "array", "items": office}]},
        "side": _TEXT,
        "note": _TEXT,
        "not": terms,
    }
    known_event: dict[str, Schema] = {
        "label": _TEXT,
        "date": _DAY,
        "live_for": _SPAN,
        "about": _ref("condition"),
        "known_by": {
            "allOf": [_ref("condition")],
            "description": "what marks the old event in a title or lead, where a place and an attack may be the next",
        },
    }
    return {
        "term": term,
        "words": {"anyOf": [_map(by_language), terms]},
        "concept": _map(_of(load_concepts.CONCEPT_KEYS, concept)),
        "actor": _map(_of(load_concepts.ACTOR_KEYS, actor), needed=("names",)),
        "known_event": _map(_of(load_rules.EVENT_KEYS, known_event), needed=("date", "about")),
        "outlet": _map({key: {} for key in load_outlets.OUTLET_KEYS}),
    }


def _conditions() -> dict[str, Schema]:
    several = {"type": "array", "items": _ref("condition"), "minItems": 1}
    group: dict[str, Schema] = {
        # "any: [x]" is the usual way, "any: x" works as well
        **{key: {"anyOf": [several, _ref("condition")]} for key in ("all", "any", "none", "of")},
        "at_least": _NUMBER,
        "within": {"type": "string", "examples": ["sentence", "paragraph", "article", "12 words", "2 sentences"]},
        "in": _list({"enum": list(load_conditions.FIELDS)}),
        "times": _NUMBER,
        "say": _TEXT,
        "name": _ref("place_or_actor"),
    }
    return {"condition": {"anyOf": [_ref("id"), _map(_of(load_conditions.KEYS, group))]}}


def _rules() -> dict[str, Schema]:
    point = _map({"add": _NUMBER, "why": _TEXT, "when": _ref("point"), "each": {"const": "sentence"}, "max": _NUMBER})
    label = {"allOf": [{"type": "object"}], "description": "near: 3 sentences, any: [...]"}
    story: dict[str, Schema] = {key: {} for key in STORY_KEYS}
    when = {"anyOf": [_ref("condition"), _map(story)]}
    change = _list(_map({"to": _ref("severity"), "when": when}, needed=("to", "when")))
    rule: dict[str, Schema] = {
        "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "title": {"type": "string", "maxLength": 120},
        "about": _TEXT,
        "owner": _TEXT,
        "status": {"enum": ["live", "trial", "off"]},
        "type": {"const": "match"},
        "severity": _ref("severity"),
        "from": _map({key: {} for key in load_rules.FILTER_KEYS}),
        "find": _ref("condition"),
        "score": _map({"need": _NUMBER, "points": {"type": "array", "items": point}}),
        "unless": _list(_ref("exclusion")),
        "time": _map(
            {
                "event_within": _SPAN,
                "max_age": _SPAN,
                **{key: {"enum": ["ignore", "allow"]} for key in ("background", "known_events")},
            }
        ),
        "mark": _map({"disputed": label, "unverified": label}),
        "escalate": change,
        "lower": change,
        "send": _list(_ref("channel")),
        "tests": {"type": "array", "items": _ref("test")},
    }
    expect: dict[str, Schema] = {
        **dict.fromkeys(("fires", "disputed", "unverified"), _YES_NO),
        "because": {"anyOf": [{"enum": list(load_tests.REASONS)}, _ref("exclusion")]},
        "severity": _ref("severity"),
        **dict.fromkeys(("sentences", "not_sentences"), _list(_NUMBER)),
        "words": {"type": "object"},
    }
    test: dict[str, Schema] = {
        **dict.fromkeys(("it", "published", "title", "text"), _TEXT),
        "lang": _ref("language"),
        "outlet": _ref("outlet_id"),
        "expect": _map(_of(load_tests.EXPECT_KEYS, expect), needed=("fires",)),
    }
    return {
        "point": {"anyOf": [{"const": "find"}, _ref("condition")]},
        "rule": _map(_of(load_rules.RULE_KEYS, rule), needed=("id",)),
        "test": _map(_of(load_tests.TEST_KEYS, test), needed=("lang", "expect")),
    }


def _of(keys: Collection[str], known: Mapping[str, Schema]) -> dict[str, Schema]:
    """The properties for exactly the keys that the reader knows."""
    return {key: known[key] for key in keys}


def _map(properties: Mapping[str, Schema], needed: Collection[str] = ()) -> Schema:
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**found, "required": list(needed)} if needed else found


def _by_id(entry: Schema) -> Schema:
    return {"type": "object", "additionalProperties": entry}


def _list(item: Schema) -> Schema:
    """A list; a single item counts as a list of one."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
