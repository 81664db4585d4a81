"""What `monitor init` writes: a commented monitor.yaml and an overlay with one rule to edit."""

from __future__ import annotations

from pathlib import Path

from monitor.config.folders import packs_folder
from monitor.errors import MonitorError
from monitor.rules.schema import SCHEMA_FILE

MONITOR_YAML = """\
# What this desk watches and whom it tells. After a change: monitor check
version: 1
language: en                # of the alerts' labels: en, sq, sr, mk
timezone: Europe/Belgrade   # shown in alerts; everything stored is UTC
pack: kosovo-serbia         # the bundled region pack, upgraded with the program
overlay: overlay            # your own rules; an entry with the same id replaces the pack's
# bundled_feeds: off        # watch only the feeds in overlay/
# contact: desk@example.org # shown to the news sites we poll, so that they can write to you

channels:
  terminal:
    url: terminal://
  # One address a channel, secrets only from the environment or from a file. Try one: monitor test-channel telegram
  # telegram:
  #   url: "${TELEGRAM_URL}"      # tgram://BOT_TOKEN/CHAT_ID
  #   min_severity: medium
  #   quiet: "23:00-06:00"        # only critical alerts; the rest as one message in the morning
  #   burst: 20                   # messages in ten minutes before the rest come as one digest
  #   per_minute: 20              # at most
  # mail:
  #   url: "${MAIL_URL}"          # mailtos://USER:PASSWORD@smtp.example.org?to=desk@example.org
  #   receipt: "${IMAP_URL}"      # imaps://USER:PASSWORD@imap.example.org/INBOX proves that the canary arrives
  # signal:
  #   url_file: secrets/signal    # any of the services that Apprise knows

# Which alerts go where. Without routes every alert goes to every channel that its severity allows.
# routes:
#   - {min_severity: high, send: [telegram, mail]}
#   - {rules: [bridge-closed], send: [mail]}

# At set times, one message that lists the alerts since the one before. Cron: minute, hour, day, month, weekday.
# digests:
#   daily: {at: "07:00", send: [mail]}
#   hourly: {cron: "0 7-19 * * mon-fri", send: [mail], min_severity: high}

# When an article that matched is read again; what matters in its changes is told as an update. These are the defaults.
# revisions: [15m, 1h, 6h, 24h]

# Proof that silence means quiet. All off until asked for.
# heartbeat: {url: "${HC_URL}", every: 60s}   # pinged while every part works, as Healthchecks does it
# http: 127.0.0.1:9107                        # /healthz and /metrics
# canary: {at: "06:00"}                       # a marked test message to every channel; did it arrive? monitor canary
# all_quiet: "07:00"                          # one line: articles, feeds heard, alerts
# feed_alerts: {failing_after: 6h}            # when a feed that fails is told
"""

RULES_YAML = """\
# yaml-language-server: $schema=rules.schema.json
# Your own rules. Write dictionary forms: every ending, both scripts and text without accents are found by themselves.
# All that a rule can say stands in RULES.md beside this file. What is there to write it with: monitor concepts
# After a change: monitor check. See what a text does: monitor try "…"
# Your editor completes names from rules.schema.json: after new ones, monitor schema --output overlay/rules.schema.json
version: 1

concepts:
  bridge:
    label: Bridge
    words:
      en: [bridge]
      sq: [urë]
      sr: [most]
      mk: [мост]
  closing:
    kind: action
    label: Closed or reopened
    words:
      en: [close, reopen, block]
      sq: [mbyll, hap, bllokoj]
      sr: [zatvoriti, otvoriti, blokirati]
      mk: [затвори, отвори, блокира]

rules:
  - id: bridge-closed
    title: A bridge in northern Kosovo is closed or reopened
    status: live            # trial: recorded, never sent
    severity: medium
    find:
      within: sentence      # all three in one sentence
      all: [bridge, closing, north]   # north is a place of the bundled pack
    unless: [sport, culture]          # exclusions of the bundled pack
    tests:                  # a rule without tests stays on trial
      - it: fires on an inflected Serbian headline
        lang: sr
        published: 2026-03-02
        title: "Zatvoren most u Zvečanu"
        text: "Most u Zvečanu zatvoren je jutros za saobraćaj."
        expect: {fires: true}
      - it: stays quiet about a bridge elsewhere
        lang: en
        published: 2026-03-02
        title: "Bridge closed in Novi Sad"
        text: "The bridge was closed on Monday for repairs."
        expect: {fires: false, because: find}
"""


def write_starter(folder: Path) -> tuple[Path, ...]:
    """Write the files below `folder`. Raises MonitorError, having written nothing, if one of them exists."""
    overlay = folder / "overlay"
    names = (packs_folder() / "kosovo-serbia" / SCHEMA_FILE).read_text("utf-8")
    files = {folder / "monitor.yaml": MONITOR_YAML, overlay / "rules.yaml": RULES_YAML, overlay / SCHEMA_FILE: names}
    files[overlay / "RULES.md"] = (packs_folder() / "README.md").read_text("utf-8")
    for path in files:
        if path.exists():
            raise MonitorError(f"{path} exists; nothing was written", temporary=False)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(files)
