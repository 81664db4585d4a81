"""Addresses of articles: one canonical form, and one key for all the addresses of one page. Pure.

courlan is not used for this: it takes `cid`, `eid`, `uid` and `source` for tracking, and on some of the sites we watch
such a parameter is the number of the article. Two articles with one key means one of them is never seen.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?:utm_|mtm_|pk_|piwik_|matomo_|hsa_|at_|ns_|itm_|vero_|oly_|mc_|__hs|_hs|wt_|ga_)\w*"
    r"|(?:fb|g|dc|ms|tw|yc|gb|wb|msclk|ysc|tt|li_fat_|gbra|wbra)cl(?:k)?id|[a-z]{0,5}clid|gclsrc|gbraid|wbraid|igshid|igsh"
    r"|fb_action_ids|fb_source|fb_ref|ref_src|ref_url|cmpid|cmp|xtor|smid|smtyp|soc_src|soc_trk|ncid|mibextid|rss|feed"
    r"|spm|_ga|_gl|amp|outputtype|s_kwcid|trk|sh(?:are)?_?source",
    re.IGNORECASE,
)
_VALUE_TRACKING = frozenset({"amp", "outputtype", "rss", "feed"})  # dropped only with a value that says so
_SWITCH = frozenset({"", "1", "true", "amp", "rss", "yes"})
_AMP_PATH = re.compile(r"(?:^/amp(?=/))|(?:/amp(?:\.html?)?/?$)|(?:\.amp(?=\.html?$|$))", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^[\w-]+\.cdn\.ampproject\.org$", re.IGNORECASE)
_SAME_SITE = re.compile(r"^(?:www\d?|m|mobile|amp|wap)\.(?=[^.]+\.)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)$", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile("[\x00-\x20\x7f-\xa0\ud800-\udfff\u2028\u2029]")
_SLASHES = re.compile(r"/{2,}")


def canonical_url(url: str) -> str:
    """The address without what only says how a reader got there: tracking, fragment, default port. It can be fetched.

    "" when `url` is not a usable http(s) address.
    """
    try:
        parts = urlsplit(_NOT_IN_ADDRESSES.sub("", url))
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return ""
        return urlunsplit((parts.scheme.lower(), _host(parts), parts.path or "/", _query(parts.query), ""))
    except ValueError:
        return ""


def url_key(url: str) -> str:
    """The same hex key for all addresses of one page: with and without www, m. or AMP, http or https. "" for none."""
    canonical = canonical_url(url)
    if not canonical:
        return ""
    parts = urlsplit(canonical)
    host, path = parts.netloc.rpartition("@")[2], parts.path
    if _AMP_CACHE.match(host):  # https://site.cdn.ampproject.org/c/s/site/path
        host, _, path = re.sub(r"^/[a-z](?:/s)?/", "", path).partition("/")
        path = "/" + path
    host = _SAME_SITE.sub("", host)
    path = _INDEX.sub("/", _AMP_PATH.sub("", _SLASHES.sub("/", path))).rstrip("/")
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return hashlib.sha256(f"{host}{path}?{query}".encode("utf-8", "replace")).hexdigest()[:32]


def same_site(url: str, other: str) -> bool:
    """Do two addresses belong to one site, www and mobile hosts apart?"""
    first, second = ((_host_of(address) or "") for address in (url, other))
    if not first or not second:
        return False
    return first == second or first.endswith("." + second) or second.endswith("." + first)


def _host_of(url: str) -> str:
    try:
        return _SAME_SITE.sub("", (urlsplit(url).hostname or "").rstrip("."))
    except ValueError:
        return ""


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != {"http": 80, "https": 443}[parts.scheme.lower()]:
        host = f"{host}:{parts.port}"
    return host


def _query(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part))


def _is_tracking(part: str) -> bool:
    name, _, value = part.partition("=")
    if not _TRACKING.fullmatch(name):
        return False
    return name.lower() not in _VALUE_TRACKING or value.lower() in _SWITCH
