"""Faults of channels, of the process, and of the machine it runs on."""

from __future__ import annotations

from faults.row import Row

_HEALTH = "unit/test_feeds_health.py::"
_CHANNELS = "integration/test_channels.py::"
_MAIL = "integration/test_channels_mail.py::"
_DELIVERY = "integration/test_delivery.py::"
_OPEN = "integration/test_store_open.py::"
_SURVIVES = "integration/test_store_survives.py::"
_PARTS = "e2e/test_parts_that_stop.py::"
_DAEMON = "e2e/test_daemon.py::"
_HOST = "e2e/test_host_faults.py::"

DELIVERY = (
    Row("F106", "a receiver that does not answer", "given up, tried again", (
        _CHANNELS + "test_a_receiver_that_never_finishes_is_given_up_and_holds_up_nobody",
    )),
    Row("F107", "accepted late", "may double, with the same id", (
        _CHANNELS + "test_the_same_delivery_sent_again_carries_the_same_id",
    )),
    Row("F108", "429, 500, 503", "tried again, when the channel says", (
        _CHANNELS + "test_every_refusal_is_seen_and_told_apart",
        _CHANNELS + "test_the_time_to_come_back_is_heard",
        _DELIVERY + "test_a_channel_that_names_a_time_is_left_alone_until_then",
    )),
    Row("F109", "301, 302", "no success", (
        _CHANNELS + "test_every_refusal_is_seen_and_told_apart",
        "unit/test_alerts_outcome.py::test_a_moved_address_says_what_to_do",
    )),
    Row("F110", "200 with a sign-in page", "no success", (
        "unit/test_alerts_outcome.py::test_accepted_is_accepted_unless_a_sign_in_page_said_so",
    )),
    Row("F111", "hang-up after accepting", "at most one copy more, with the same id", (
        "e2e/test_kill_loop.py::"
        "test_killed_at_random_instants_it_loses_nothing_and_repeats_only_what_a_reply_or_a_kill_left_open",
    )),
    Row("F112", "a reply byte by byte", "given up, holds up nobody", (
        _CHANNELS + "test_a_receiver_that_never_finishes_is_given_up_and_holds_up_nobody",
    )),
    Row("F113", "one channel down", "others wait for nothing", (
        _DELIVERY + "test_a_channel_down_for_a_day_gets_everything_afterwards_and_others_wait_for_nothing",
    )),
    Row("F114", "wrong credentials", "told on another channel", (
        _DELIVERY + "test_a_message_refused_for_good_goes_to_another_channel_which_also_says_so_once",
    )),
    Row("F115", "mail: 451, 550, no encryption, another certificate", "told apart, nothing sent in the clear", (
        _MAIL + "test_a_refused_recipient_is_told_apart",
        _MAIL + "test_a_server_that_hides_its_encryption_gets_nothing",
        _MAIL + "test_a_server_whose_certificate_nobody_vouches_for_gets_nothing",
    )),
    Row("F116", "everything down for a day", "all of it afterwards", (
        _DELIVERY + "test_a_channel_down_for_a_day_gets_everything_afterwards_and_others_wait_for_nothing",
    )),
    Row("F117", "a mistyped address", "refused at start", (
        _CHANNELS + "test_a_channel_that_cannot_work_is_refused_by_name_and_place",
    )),
    Row("F118", "10,000 matches at once", "one digest, within the channel's limits", (
        _DELIVERY + "test_thousands_of_matches_at_once_are_one_digest",
    )),
)  # fmt: skip

HOST = (
    Row("F119", "killed at each named point", "nothing lost; only what was sent and not marked doubles", (
        "e2e/test_crash_points.py::test_killed_while_it_reads_it_tells_every_channel_once",
        "e2e/test_crash_points.py::test_killed_while_it_sends_it_repeats_only_what_was_sent_and_not_yet_marked",
    )),
    Row("F120", "killed at random", "nothing lost", (
        "e2e/test_kill_loop.py::"
        "test_killed_at_random_instants_it_loses_nothing_and_repeats_only_what_a_reply_or_a_kill_left_open",
    )),
    Row("F121", "SIGTERM while a channel hangs", "ends within 30 s, sent at the next start", (
        _DAEMON + "test_it_stops_in_time_although_a_channel_hangs_and_the_message_is_sent_at_the_next_start",
    )),
    Row("F122", "killed for want of memory", "goes on at the next start", (
        _DAEMON + "test_it_tells_and_after_a_kill_it_goes_on_without_losing_or_repeating",
    )),
    Row("F123", "the scheduler dies", "noticed, rebuilt, told", (
        _PARTS + "test_a_part_that_stops_is_noticed_replaced_and_told[scheduler-hung]",
    )),
    Row("F124", "the fetch loop stands still", "noticed, replaced, told", (
        _PARTS + "test_a_part_that_stops_is_noticed_replaced_and_told[fetch-hung]",
    )),
    Row("F125", "the workers stop or die", "noticed, replaced, told", (
        _PARTS + "test_a_part_that_stops_is_noticed_replaced_and_told[workers-hung]",
        _PARTS + "test_a_part_that_stops_is_noticed_replaced_and_told[workers-killed]",
    )),
    Row("F126", "a second instance", "refused at once", (_DAEMON + "test_a_second_instance_is_refused_at_once",)),
    Row("F127", "the disk is full", "said; goes on by itself when there is room", (
        _SURVIVES + "test_a_full_disk_is_a_temporary_failure_and_writing_goes_on_when_there_is_room",
        _OPEN + "test_when_there_is_no_room_no_entry_is_put_aside_for_it",
        _HOST + "test_on_a_full_disk_polls_pause_people_hear_of_it_and_all_goes_on_when_there_is_room",
    )),
    Row("F128", "a database that may only be read", "named; goes on by itself once it can write", (
        _OPEN + "test_a_read_only_file_is_named",
        _HOST + "test_a_database_that_cannot_be_written_is_named_and_works_once_it_can",
    )),
    Row("F129", "the database locked by another process", "waited for, told once it is free", (
        _PARTS + "test_a_part_that_stops_is_noticed_replaced_and_told[database-locked]",
        _OPEN + "test_a_database_that_another_process_keeps_locked_is_a_temporary_failure",
        _HOST + "test_a_database_that_another_program_keeps_locked_is_told_and_waited_for",
    )),
    Row("F130", "a damaged database", "refused with a hint, never overwritten", (
        _OPEN + "test_a_damaged_file_is_refused_with_a_hint_and_never_overwritten",
        _HOST + "test_a_database_that_must_not_be_touched_is_refused_and_left_alone",
        _HOST + "test_a_page_that_breaks_while_it_runs_stops_it_with_a_word",
    )),
    Row("F131", "its write-ahead log deleted", "still whole", (
        _SURVIVES + "test_without_its_write_ahead_log_the_file_is_still_whole",
        _HOST + "test_what_somebody_removes_under_it_is_put_back_and_told",
    )),
    Row("F132", "PostgreSQL restarted inside a transaction", "one transaction fails, not the next", (
        _SURVIVES + "test_a_restart_of_the_server_fails_one_transaction_and_not_the_next",
    )),
    Row("F133", "the clock set by hours, days, a year", "goes on, repeats nothing", (
        "integration/test_clock.py::test_polls_and_messages_go_on_and_nothing_is_repeated",
        _DELIVERY + "test_deliveries_go_on_when_the_clock_is_set",
    )),
    Row("F134", "summer time begins and ends", "one digest a day", (
        "integration/test_digests.py::"
        "test_a_digest_comes_once_a_day_also_when_its_hour_is_left_out_or_comes_twice",
    )),
    Row("F135", "no more file descriptors", "said, still told", (
        _HOST + "test_with_few_files_allowed_it_says_so_and_still_tells",
    )),
    Row("F136", "started before the network", "no storm of messages; one when it is back", (
        _HEALTH + "test_without_a_network_people_are_told_once_for_all_feeds_and_once_when_it_is_back",
    )),
    Row("F137", "stopped for ten minutes, the machine asleep", "a gap, reported; no part blamed", (
        "unit/test_watch_vitals.py::test_a_process_that_stood_still_blames_no_part_of_itself",
        "integration/test_gap.py::test_three_hours_without_us_are_reported_with_what_came_meanwhile",
    )),
    Row("F138", "an old SQLite", "one writer, noted once", (_OPEN + "test_an_old_sqlite_is_noted_once",)),
    Row("F139", "locale C, output that is not UTF-8", "no crash", (
        "unit/test_alerts_local.py::test_a_terminal_without_such_letters_is_no_crash",
        _HOST + "test_in_any_locale_commands_read_and_show_every_script",
    )),
    Row("F140", "figures asked for under load", "no label with an address; the page stays small", (
        "integration/test_watch_pages.py::"
        "test_the_page_stays_small_with_a_thousand_feeds_and_under_many_scrapes",
    )),
)  # fmt: skip
