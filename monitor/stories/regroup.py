"""What becomes of roles when people move articles between stories. Pure.

Nothing is forgotten: what an article was before stands behind the reason of what it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from monitor.model import Membership, Role, StoryMember


def settle(story: str, members: Sequence[StoryMember], arrived: Collection[str], why: str) -> tuple[Membership, ...]:
    """The memberships of a story that has just these members, in order of publication.

    `arrived` are the ids of those that a person brought, `why` says so. The founder stays founder if it is here; else
    the first that is no copy of another one here is. A founder that came from elsewhere reports it by itself, and so
    does a copy without its original.
    """
    ordered = sorted(members, key=lambda member: (member.published, member.article))
    here = {member.article for member in ordered}
    own = [member for member in ordered if not (member.role is Role.COPY and member.copy_of in here)]
    stayed = [member for member in own if member.role is Role.FOUNDER and member.article not in arrived]
    came = [member for member in own if member.role is Role.FOUNDER]
    founder = next(iter((*stayed, *came, *own, *ordered)), None)
    return tuple(
        _membership(story, member, here, member is founder, why if member.article in arrived else "")
        for member in ordered
    )


def with_copies(chosen: Collection[str], members: Sequence[StoryMember]) -> frozenset[str]:
    """The chosen articles and all copies of them: who moves a text moves its copies."""
    return frozenset(chosen) | {member.article for member in members if member.copy_of in chosen}


def followers(members: Sequence[tuple[str, str, str]], known: dict[str, str]) -> dict[str, str]:
    """Where articles belong that joined after a change which is now undone: to the story of the article they are
    nearest to. `members`: (article, nearest, copied article) in order of publication; `known`: article -> story.

    Those that are near to none of the known articles are left out.
    """
    found = dict(known)
    waiting = [member for member in members if member[0] not in found]
    while True:
        settled = {article: story for article, near, of in waiting if (story := found.get(of) or found.get(near))}
        if not settled:
            return {article: story for article, story in found.items() if article not in known}
        found |= settled
        waiting = [member for member in waiting if member[0] not in found]


def _membership(story: str, member: StoryMember, here: Collection[str], founds: bool, why: str) -> Membership:
    role, copy_of = member.role, member.copy_of
    if founds:
        role, copy_of = Role.FOUNDER, ""
    elif role is Role.FOUNDER or (role is Role.COPY and copy_of not in here):
        role, copy_of = Role.CORROBORATION, ""
    return Membership(member.article, story, role, copy_of, f"{why}; before: {member.why}" if why else member.why)
