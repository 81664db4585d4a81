"""What tells two articles apart although they look alike: another place, other people, figures, deeds. Pure."""

from __future__ import annotations

from monitor.model import Features


def places_differ(a: Features, b: Features) -> bool:
    """Does each lead begin with a specific place that the other article does not mention at all?"""
    return foreign(a.first_place, b.names) and foreign(b.first_place, a.names)


def people_differ(a: Features, b: Features, *, entirely: bool = True) -> bool:
    """Does each headline name somebody or something that the other article does not mention?

    `entirely`: and nobody that it does. Without it, texts of one pattern are told apart by the one name that changes.
    """
    if entirely:
        return foreign(a.title_names, b.names) and foreign(b.title_names, a.names)
    return not set(a.title_names) <= set(b.names) and not set(b.title_names) <= set(a.names)


def same_furniture(a: Features, b: Features) -> bool:
    """One outlet, nothing in common in the headlines: what the texts share is then the outlet's page around them."""
    if not a.outlet or a.outlet != b.outlet or set(a.title) & set(b.title):
        return False
    return not (set(a.title_names) & set(b.names) or set(b.title_names) & set(a.names))


def foreign(keys: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return bool(keys) and not any(key in others for key in keys)


def figures_differ(a: Features, b: Features) -> bool:
    """Does each lead have figures with a known unit, and does the other article have none of them?"""
    return foreign(_counted(a), b.numbers) and foreign(_counted(b), a.numbers)


def _counted(features: Features) -> tuple[str, ...]:
    return tuple(number for number in features.lead_numbers if " " in number)


def acts_differ(a: Features, b: Features) -> bool:
    """Does each headline say that something was done which the other article's beginning does not say?"""
    return foreign(a.acts, b.meanings) and foreign(b.acts, a.meanings)
