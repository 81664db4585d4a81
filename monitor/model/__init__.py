"""The values that travel between stages. Pure.

One article's way: `Entry` -> `Article` -> `Verdict` per rule -> `Placement` in a story -> `Decision` -> `Alert`
-> `Delivery` per channel. Every value is frozen; every time is an aware UTC datetime.
"""

from monitor.model.alerts import (
    Alert,
    BacklogItem,
    Decision,
    Delivery,
    DeliveryState,
    DevelopmentKind,
    Quote,
    ReasonCode,
    SendResult,
    Silence,
    Told,
)
from monitor.model.articles import Article, Field, PageText, Revision, Sentence
from monitor.model.feeds import Entry, Feed, FeedHealth, FeedRecord, FeedState, HarmfulPage, Outlet, ParsedFeed
from monitor.model.fetching import FetchRequest, FetchResult
from monitor.model.keeping import Retention, Tick
from monitor.model.matches import Evidence, Ignored, Mark, Point, StoryCondition, Verdict
from monitor.model.severity import Severity
from monitor.model.stories import (
    Candidates,
    CandidateStory,
    Fact,
    Features,
    Member,
    Membership,
    Override,
    Placement,
    Role,
    StoryMember,
    StoryReport,
    Voices,
)

__all__ = [
    "Alert",
    "Article",
    "BacklogItem",
    "CandidateStory",
    "Candidates",
    "Decision",
    "Delivery",
    "DeliveryState",
    "DevelopmentKind",
    "Entry",
    "Evidence",
    "Fact",
    "Features",
    "Feed",
    "FeedHealth",
    "FeedRecord",
    "FeedState",
    "FetchRequest",
    "FetchResult",
    "Field",
    "HarmfulPage",
    "Ignored",
    "Mark",
    "Member",
    "Membership",
    "Outlet",
    "Override",
    "PageText",
    "ParsedFeed",
    "Placement",
    "Point",
    "Quote",
    "ReasonCode",
    "Retention",
    "Revision",
    "Role",
    "SendResult",
    "Sentence",
    "Severity",
    "Silence",
    "StoryCondition",
    "StoryMember",
    "StoryReport",
    "Tick",
    "Told",
    "Verdict",
    "Voices",
]
