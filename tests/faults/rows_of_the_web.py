"""Faults of what comes from elsewhere: transport, addresses, feeds, pages, words; and of files that people edit."""

from __future__ import annotations

from faults.row import Row

_FETCH = "integration/test_fetch.py::"
_PARSE = "unit/test_feeds_parse.py::"
_SCHEDULE = "unit/test_feeds_schedule.py::"
_HEALTH = "unit/test_feeds_health.py::"
_EXTRACT = "unit/test_articles_extract.py::"
_RENDER = "unit/test_alerts_render.py::"
_CHANNELS = "integration/test_channels.py::"
_MAIL = "integration/test_channels_mail.py::"
_DUTIES = "integration/test_watch_duties.py::"
_DAEMON = "e2e/test_daemon.py::"
_NO_EXPRESSIONS = "rules hold no regular expressions"

TRANSPORT = (
    Row("F01", "a name that does not exist", "dns", (
        _FETCH + "test_what_cannot_be_reached_is_a_failure_too[http://name.invalid/-dns]",
    )),
    Row("F02", "a name server that does not answer", "dns within 30 s"),
    Row("F03", "connection refused", "connect"),
    Row("F04", "connection to a black hole", "connect within 10 s"),
    Row("F05", "certificate expired, self-signed, or of another host", "tls; never read unverified"),
    Row("F06", "headers byte by byte", "timeout at the deadline"),
    Row("F07", "body byte by byte", "timeout at the deadline"),
    Row("F08", "no reply", "timeout at the deadline"),
    Row("F09", "reset inside the body", "network"),
    Row("F10", "hang-up without a reply", "network"),
    Row("F11", "endless chunks", "too_large"),
    Row("F12", "endless body without a length", "too_large"),
    Row("F13", "endless headers; one endless header line", "protocol"),
    Row("F14", "endless early hints", "timeout"),
    Row("F15", "endless trailers", "protocol or timeout"),
    Row("F16", "endless chunk extension", "protocol or timeout"),
    Row("F17", "chunks of one byte without end", "timeout or too_large"),
    Row("F18", "a length that is too long", "network"),
    Row("F19", "a length that is too short", "partial and A, or protocol; never whole"),
    Row("F20", "two lengths; a negative length", "protocol"),
    Row("F21", "cut off, no length", "partial, A, nothing kept to compare with"),
    Row("F22", "garbage; HTTP/0.9", "protocol"),
    Row("F23", "gzip bomb", "too_large, < 64 MB of memory"),
    Row("F24", "gzip in gzip in gzip", "encoding"),
    Row("F25", "brotli bomb", "too_large, < 64 MB of memory"),
    Row("F26", "a coding nobody asked for", "encoding"),
    Row("F27", "gzip that stops early", "partial, A"),
    Row("F28", "says gzip and is not", "encoding"),
    Row("F29", "2,000 codings", "encoding"),
    Row("F30", "redirects in a circle", "redirect"),
    Row("F31", "redirect to file:, data:, ftp:, gopher:", "redirect"),
    Row("F32", "moved for good", "followed, shown, adopted after 3 equal polls", (
        _SCHEDULE + "test_a_permanent_redirect_is_adopted_after_three_equal_polls",
        _SCHEDULE + "test_a_redirect_that_changes_or_stops_is_not_adopted",
    )),
    Row("F33", "410 Gone", "gone, told, polled rarely", (
        _SCHEDULE + "test_a_feed_that_is_gone_is_polled_every_six_hours_and_comes_back",
        _HEALTH + "test_a_feed_that_fails_and_then_says_gone_is_told_of_both",
    )),
    Row("F34", "401 and 403", "auth, told at once", (
        _DUTIES + "test_a_feed_that_refuses_us_is_told_by_its_outlets_name_and_so_is_its_return",
    )),
    Row("F35", "404", "not_found"),
    Row("F36", "429 with Retry-After 999999999", "rate_limited, obeyed up to a day", (
        _SCHEDULE + "test_retry_after_is_obeyed_up_to_a_day_and_never_shortens_the_pause",
    )),
    Row("F37", "500 and 503", "server, ever longer pauses", (
        _SCHEDULE + "test_a_failing_feed_is_asked_again_within_a_minute_then_ever_more_rarely_and_never_given_up",
    )),
    Row("F38", "304 to a request without anything to compare with", "http", (
        _FETCH + "test_every_misbehaviour_has_its_class[/304-http]",
    )),
    Row("F39", "a new ETag on every poll; the same ETag for other entries", "told by the bytes, A", (
        _SCHEDULE + "test_now_and_then_a_304_is_doubted_and_the_whole_feed_is_asked_for",
    )),
    Row("F40", "a cookie is set", "never sent, to nobody"),
)  # fmt: skip

ADDRESSES = (
    Row("F41", "loopback written as an address", "blocked, no packet"),
    Row("F42", "decimal, octal, hexadecimal and short addresses", "blocked, no packet"),
    Row("F43", "mapped, NAT64, 6to4, Teredo", "blocked, no packet"),
    Row("F44", "link-local, unique local, carrier-grade NAT, private networks", "blocked, no packet"),
    Row("F45", "a name that leads to a private address", "blocked, no packet"),
    Row("F46", "a name that leads to a public and a private address", "the public one only"),
    Row("F47", "a name that leads to another address each time", "blocked, no packet"),
    Row("F48", "a redirect to each of these", "blocked, no packet"),
    Row("F49", "user@, backslash, odd dots and digits, localhost.", "blocked, no packet"),
    Row("F50", "an article, enclosure or icon at a private address", "not fetched, A on the feed's words"),
)

FEEDS = (
    Row("F51", "an empty answer", "empty"),
    Row("F52", "a challenge page", "not_a_feed"),
    Row("F53", "JSON that is no feed", "not_a_feed"),
    Row("F54", "XML that stops early", "partial, A", (
        _PARSE + "test_a_feed_that_is_cut_off_gives_what_is_there_and_says_so",
    )),
    Row("F55", "entity bombs", "nothing grows, A"),
    Row("F56", "external entities: file and http", "nothing opened, A", (
        _PARSE + "test_external_entities_and_entity_bombs_are_not_followed",
    )),
    Row("F57", "100,000 entries", "the newest 2,000, the rest counted", (
        _PARSE + "test_of_too_many_entries_the_newest_2000_are_kept_and_the_rest_counted",
    )),
    Row("F58", "50 MB", "too_large"),
    Row("F59", "a million levels", "bounded; others do not notice"),
    Row("F60", "100,000 attributes", "parse, when the worker's time is over", (
        "integration/test_workers.py::test_hostile_feeds_and_pages_end_in_time",
    )),
    Row("F61", "NUL and control characters", "A, without them"),
    Row("F62", "a reference to half a character in one of 51 entries", "A for the other 50", (
        _PARSE + "test_one_bad_character_reference_does_not_cost_the_other_fifty_entries",
    )),
    Row("F63", "encodings undefined, punycode, utf-7, unknown", "A"),
    Row("F64", "another encoding than it says", "right words, or said to be damaged; A", (
        _PARSE + "test_the_words_are_right_whatever_encoding_is_declared",
        _PARSE + "test_a_guessed_encoding_is_said",
        _HEALTH + "test_a_feed_in_the_wrong_charset_is_degraded_after_three_polls_until_three_good_ones",
    )),
    Row("F65", "UTF-16 with a mark, declared as something else", "right words, A"),
    Row("F66", "a body that is a path, a device or an address", "not_a_feed, nothing opened", (
        _PARSE + "test_a_body_that_is_the_path_of_a_feed_is_not_opened",
        _PARSE + "test_what_is_no_feed_is_refused_as_such",
    )),
    Row("F67", "one id, two links", "two articles", (
        _PARSE + "test_entries_with_one_id_and_different_links_are_two",
    )),
    Row("F68", "another id on every poll, same link and title", "one alert"),
    Row("F69", "ids that are missing, empty, a megabyte long", "A, once", (
        _PARSE + "test_any_id_makes_an_identity_of_ordinary_length",
    )),
    Row("F70", "all ids and links rewritten", "at most one message"),
    Row("F71", "entries shuffled and given new dates", "nothing new"),
    Row("F72", "dates in the years 0, 10000, -1, and to come", "A", (
        _PARSE + "test_impossible_dates_are_no_dates",
    )),
    Row("F73", "javascript:, data: and file: links", "A without a link", (
        _PARSE + "test_links_are_absolute_http_addresses_or_nothing",
    )),
    Row("F74", "titles of a megabyte, empty, of markup only", "cut, A"),
    Row("F75", "a title edited after its alert", "not told again", (
        _PARSE + "test_editing_an_entry_does_not_make_it_another",
    )),
    Row("F76", "a feed that shrinks to one entry", "said in the feed's state"),
    Row("F77", "the wrong content type", "A"),
    Row("F78", "relative links on a hostile base", "http(s) or none, A", (
        _PARSE + "test_a_hostile_base_does_not_make_relative_links_hostile",
    )),
)  # fmt: skip

PAGES = (
    Row("F79", "256 and more levels", "no text; A on the feed's words"),
    Row("F80", "10 MB in one paragraph", "too large; A on the feed's words"),
    Row("F81", "metadata that takes minutes", "A; the worker's time is bounded", (
        _EXTRACT + "test_metadata_with_endless_quotes_is_not_looked_at",
    )),
    Row("F82", "5 MB of links", "stopped, tried once more, set aside; A on the feed's words"),
    Row("F83", "a cookie wall, an empty shell", "suspect; A on the feed's words", (
        _EXTRACT + "test_a_cookie_wall_is_not_taken_for_the_article",
        _HEALTH + "test_pages_that_stop_holding_articles_make_the_feed_degraded_and_good_ones_end_it",
    )),
    Row("F84", "a PDF, a picture", "suspect; A on the feed's words", (
        _EXTRACT + "test_what_is_no_article_is_suspect",
    )),
    Row("F85", "the first words before a paywall", "suspect; A on the feed's words"),
    Row("F86", "a page with a next page with a next page", "one request"),
    Row("F87", "a page that crashes its worker or takes all its memory", "tried once more, set aside, named in status"),
)  # fmt: skip

WORDS = (
    Row("F88", "@everyone, @here, @channel, @room", "text in every service", (
        "unit/test_alerts_services.py::test_a_service_gets_text_without_anything_active_and_links_that_work",
    )),
    Row("F89", "<!channel>, <@U…>", "text in every service", (
        _RENDER + "test_mentions_and_masked_links_are_broken_also_after_normalising",
    )),
    Row("F90", "HTML and scripts in a title", "text", (
        "unit/test_alerts_local.py::test_nothing_of_a_feed_is_markup_in_a_mailbox",
        "unit/test_alerts_local.py::test_markup_of_a_feed_is_only_text_in_the_terminal",
    )),
    Row("F91", "Markdown links and code", "text", (_RENDER + "test_no_text_of_a_feed_breaks_a_message",)),
    Row("F92", "turned direction, zero width", "gone", (
        _RENDER + "test_what_is_dangerous_goes_and_what_is_text_stays",
    )),
    Row("F93", "line breaks and Bcc:", "one line", (_MAIL + "test_no_header_of_a_feed_gets_into_a_mail",)),
    Row("F94", "{{7*7}}", "as it is", (_RENDER + "test_what_is_dangerous_goes_and_what_is_text_stays",)),
    Row("F95", "20 kB of text", "cut by us, once", (
        _RENDER + "test_a_message_is_never_longer_than_900_characters_and_keeps_id_and_first_link",
        _CHANNELS + "test_a_message_too_long_for_its_service_is_cut_once",
    )),
    Row("F96", "a flood of pictures and combining marks", "cut"),
    Row("F97", "%0a and terminal commands, in logs and commands", "text"),
)  # fmt: skip

FILES = (
    Row("F98", "a regular expression that takes for ever", "refused", reason=_NO_EXPRESSIONS),
    Row("F99", "\\b beside a letter that is not ASCII", "found", reason=_NO_EXPRESSIONS),
    Row("F100", "doubled keys, tabs, NO, alias and merge bombs, deep nesting, empty, BOM, CRLF, two documents",
        "refused with its place, or read as written", (
            "unit/test_rules_load.py::test_a_mistake_has_its_message",
            "unit/test_config.py::test_a_mistake_is_reported_at_its_place",
        )),
    Row("F101", "an invalid regular expression", "refused", reason=_NO_EXPRESSIONS),
    Row("F102", "a reload with a mistake", "the last good rules run on, told", (
        _DAEMON + "test_a_mistake_in_the_rules_keeps_the_old_ones_running_and_is_told",
    )),
    Row("F103", "a variable or secret that is not set", "refused with its place", (
        "unit/test_config.py::test_a_mistake_is_reported_at_its_place",
    )),
    Row("F104", "5,000 rules", "load, and the right one fires"),
    Row("F105", "a rule deleted while its message waits", "still delivered"),
)  # fmt: skip
