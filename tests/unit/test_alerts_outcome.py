"""What came of a send: accepted, worth trying again, or refused for good. And no secret in the answer."""

from __future__ import annotations

import pytest

from monitor.alerts.outcome import HttpAnswer, judge_send

TOKEN = "123456:SECRET-TOKEN"


@pytest.mark.parametrize("code", [408, 421, 425, 429, 500, 502, 503, 504, 599, 302, 303, 307])
def test_a_passing_refusal_is_tried_again(code):
    result = judge_send("FAILURE", [HttpAnswer(code)], [])

    assert not result.ok
    assert result.temporary
    assert str(code) in result.detail


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 410, 413, 422, 301, 308])
def test_a_final_refusal_is_not(code):
    result = judge_send("FAILURE", [HttpAnswer(code)], [])

    assert not result.ok
    assert not result.temporary
    assert str(code) in result.detail


def test_a_moved_address_says_what_to_do():
    assert "write the new one" in judge_send("FAILURE", [HttpAnswer(301)], []).detail


def test_the_time_to_come_back_is_handed_on():
    assert judge_send("FAILURE", [HttpAnswer(429, 17.0)], []).retry_after == 17.0


def test_accepted_is_accepted_unless_a_sign_in_page_said_so():
    assert judge_send("SUCCESS", [HttpAnswer(200)], []).ok
    assert judge_send("SUCCESS", [], []).ok
    page = judge_send("SUCCESS", [HttpAnswer(200, sign_in=True)], [])
    assert not page.ok
    assert page.temporary
    assert "sign-in" in page.detail


def test_the_status_is_found_in_the_log_of_services_that_speak_no_http_of_ours():
    assert not judge_send("FAILURE", [], ["Failed to send X notification: Unauthorized, error=401."]).temporary


def test_a_service_that_refuses_with_a_friendly_status_is_asked_again():
    result = judge_send("FAILURE", [HttpAnswer(200)], ["Failed to send X notification: error=200."])

    assert (result.ok, result.temporary) == (False, True)
    assert "did not take it" in result.detail


@pytest.mark.parametrize(
    ("line", "temporary", "words"),
    [
        ("Socket Exception: (451, b'4.3.0 try later')", True, "SMTP 451"),
        ("Socket Exception: (550, b'no such user')", False, "SMTP 550"),
        ("SMTP recipient a@example.org was refused: 550 b'unknown'", False, "SMTP 550"),
        ("Socket Exception: {'a@example.org': (452, b'full')}", True, "SMTP 452"),
        ("Socket Exception: (535, b'5.7.8 Authentication failed')", False, "login refused"),
        ("Socket Exception: STARTTLS extension not supported by server.", True, "STARTTLS"),
        ("Socket Exception: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", True, "not trusted"),
        ("Socket Exception: [Errno 111] Connection refused", True, "connection refused"),
        ("Socket Exception: [Errno -2] Name or service not known", True, "cannot be found"),
        ("Socket Exception: Connection unexpectedly closed", True, "was cut"),
        ("Socket Exception: timed out", True, "no answer in time"),
        ("something nobody thought of", True, "did not take it"),
    ],
)
def test_failures_of_mail_and_of_connections(line, temporary, words):
    result = judge_send("FAILURE", [], [line])

    assert result.temporary is temporary
    assert words in result.detail


@pytest.mark.parametrize("status", ["FAILURE", "TIMEOUT", "NOMATCH", "SUCCESS"])
def test_what_a_service_logs_never_reaches_the_answer(status):
    lines = [f"Max retries exceeded with url: /bot{TOKEN}/sendMessage (Caused by ReadTimeoutError: timed out)"]

    assert TOKEN not in judge_send(status, [HttpAnswer(500)], lines).detail
    assert TOKEN not in judge_send(status, [], lines).detail


def test_nothing_sent_is_a_final_failure_and_no_answer_a_passing_one():
    assert not judge_send("NOMATCH", [], []).temporary
    assert judge_send("TIMEOUT", [], []).temporary
