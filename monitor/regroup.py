"""What people change about stories: put two together, take articles out, move one, and undo it.

Every change is kept with its author and time, and names the articles it touched. It binds what comes later, because
later articles are compared with the articles of stories as they now are; it binds replays, which repeat it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from monitor.articles.urls import url_key
from monitor.errors import MonitorError
from monitor.model import Membership, Override, StoryMember
from monitor.store import Transaction
from monitor.store.stories import story_id
from monitor.stories.regroup import followers, settle, with_copies

Arguments = Mapping[str, str]


def find_story(tx: Transaction, target: str) -> str:
    """The id of the story that a person means: `#k7f3q2` (with or without #), or the address of an article in it.

    A story that was merged into another one leads there. Raises MonitorError.
    """
    if "://" in target:
        return tx.memberships.of([find_article(tx, target)])[0].story
    begin = target.removeprefix("#").lower()
    found = tx.memberships.stories_beginning(begin)
    if len(found) > 1:
        raise MonitorError(f"{target} is the beginning of {', '.join(found)}: give more of it", temporary=False)
    if found:
        return found[0]
    gone = {
        seat.article for item in tx.overrides.all() for seat in item.before if begin and seat.story.startswith(begin)
    }
    if now := {seat.story for seat in tx.memberships.of(gone)}:
        return min(now)
    raise MonitorError(f"there is no story {target}; see: monitor stories", temporary=False)


def find_article(tx: Transaction, target: str) -> str:
    """The id of the article that a person means: its address, or the beginning of its id. Raises MonitorError."""
    if "://" in target:
        id = tx.articles.id_by_url(url_key(target))
        if id is None or not tx.memberships.of([id]):
            raise MonitorError(f"no story holds an article at {target}; see: monitor explain {target}", temporary=False)
        return id
    found = tx.memberships.articles_beginning(target.lower())
    if len(found) > 1:
        raise MonitorError(f"several articles have an id that begins with {target}: give more of it", temporary=False)
    if not found:
        raise MonitorError(f"there is no article {target}; `monitor story ID` shows the ids", temporary=False)
    return found[0]


def merge(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """All articles of `other` become articles of `story`."""
    story, other = find_story(tx, arguments["story"]), find_story(tx, arguments["other"])
    if story == other:
        raise MonitorError(f"both are the story {_short(story)}", temporary=False)
    keep, come = tx.stories.report(story).members, tx.stories.report(other).members
    arrived = [member.article for member in come]
    words = f"{_short(other)} merged into {_short(story)}"
    after = settle(story, [*keep, *come], arrived, _why(words, arguments["author"]))
    return _change(tx, "merge", words, (*keep, *come), after, arguments["author"], now)


def split(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """Articles of a story, with their copies, become a story of their own, named after the first of them."""
    story = find_story(tx, arguments["story"])
    members = tx.stories.report(story).members
    chosen = [find_article(tx, target) for target in arguments["articles"].split()]
    if strange := [id for id in chosen if id not in {member.article for member in members}]:
        raise MonitorError(f"{', '.join(id[:8] for id in strange)} is not in {_short(story)}", temporary=False)
    leave = with_copies(chosen, members)
    leaving = [member for member in members if member.article in leave]
    staying = [member for member in members if member.article not in leave]
    if not staying:
        raise MonitorError(f"nothing would be left of {_short(story)}", temporary=False)
    new = _free_id(tx, leaving, story)
    words = f"{_count(len(leaving))} split off {_short(story)} as {_short(new)}"
    after = settle(new, leaving, leave, _why(words, arguments["author"])) + settle(story, staying, (), "")
    return _change(tx, "split", words, members, after, arguments["author"], now)


def move(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """An article, with its copies, goes to another story."""
    article, story = find_article(tx, arguments["article"]), find_story(tx, arguments["story"])
    [seat] = tx.memberships.of([article])
    if seat.story == story:
        raise MonitorError(f"it is in {_short(story)} already", temporary=False)
    here, there = tx.stories.report(seat.story).members, tx.stories.report(story).members
    leave = with_copies([article], here)
    leaving = [member for member in here if member.article in leave]
    staying = [member for member in here if member.article not in leave]
    words = f"{_count(len(leaving))} moved from {_short(seat.story)} to {_short(story)}"
    after = settle(story, [*there, *leaving], leave, _why(words, arguments["author"])) + settle(
        seat.story, staying, (), ""
    )
    return _change(tx, "move", words, (*here, *there), after, arguments["author"], now)


def undo(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """Take back one change (`number`), or the last that is not undone; what joined since goes with what it is near."""
    done = [item for item in tx.overrides.all() if not item.undone_by]
    wanted = arguments.get("number", "")
    chosen = [item for item in done if str(item.id) == wanted] if wanted else done[-1:]
    if not chosen:
        raise MonitorError(f"there is no change {wanted} to undo".replace("  ", " "), temporary=False)
    item = chosen[0]
    stories = _stories(item)
    if later := [other for other in done if other.id > item.id and stories & _stories(other)]:
        raise MonitorError(f"undo change {later[-1].id} first: {later[-1].words}", temporary=False)
    back = {seat.article: seat.story for seat in item.before}
    since = [
        (story, member)
        for story in sorted({seat.story for seat in item.after})
        for member in tx.memberships.nearest(story)
        if member[0] not in back
    ]
    home = followers([member for _, member in since], back)
    seats = {seat.article: seat for seat in tx.memberships.of(home)}
    undone = item.before + tuple(
        Membership(id, home[id], seat.role, seat.copy_of, seat.why) for id, seat in sorted(seats.items())
    )
    tx.memberships.put(undone)
    tx.overrides.undo(item.id, arguments["author"], now, undone)
    return f"undone: {item.words}"


ACTIONS = {"merge stories": merge, "split story": split, "move article": move, "undo": undo}


def _change(
    tx: Transaction,
    kind: Literal["merge", "split", "move"],
    words: str,
    members: Sequence[StoryMember],
    after: tuple[Membership, ...],
    author: str,
    now: datetime,
) -> str:
    before = tx.memberships.of([member.article for member in members])
    item = Override(tx.overrides.next_id(), kind, author, now, words, before, after)
    tx.memberships.put(after)
    tx.overrides.add(item)
    return f"{words}; to take it back: monitor story undo {item.id}"


def _free_id(tx: Transaction, leaving: Sequence[StoryMember], story: str) -> str:
    """The id of the first article's own story; where that is taken (it founded the one it leaves), a later one's."""
    ids = [story_id(member.article) for member in leaving]
    free = [id for id in ids if id != story and not tx.memberships.stories_beginning(id)]
    return free[0] if free else story_id(f"{leaving[0].article} {story}")


def _stories(item: Override) -> set[str]:
    return {seat.story for seat in (*item.before, *item.after)}


def _why(words: str, author: str) -> str:
    return f"{words} by {author}"


def _short(story: str) -> str:
    return f"#{story[:6]}"


def _count(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles} articles"
