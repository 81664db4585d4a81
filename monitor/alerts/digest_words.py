"""What a digest says of itself in the reader's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.alerts.labels import labels
from monitor.model import Severity


@dataclass(frozen=True, slots=True)
class DigestWords:
    """The fixed words of a digest; {} stands for a number, a name or a command."""

    language: str
    one: str
    few: str  # two to four, as the Slavic languages count
    many: str
    critical: str
    down: str  # the channel {} could not be reached
    quiet: str  # quiet hours {}
    storm: str
    storm_of: str  # from the outlet {}
    all_of_them: str
    backlog: str

    def alerts(self, count: int, critical: int = 0) -> str:
        """How many alerts, and how many of them are critical."""
        few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
        words = (self.one if count == 1 else self.few if few else self.many).format(count)
        return f"{words}, {self.critical.format(critical)}" if critical else words

    def severity(self, severity: Severity) -> str:
        return labels(self.language).severity(severity)


def digest_words(language: str) -> DigestWords:
    """The words in a language (en, sq, sr, mk); English for any other."""
    return _WORDS.get(language, _WORDS["en"])


_WORDS = {
    "en": DigestWords(
        "en",
        one="{} alert",
        few="{} alerts",
        many="{} alerts",
        critical="{} critical",
        down="no {}",
        quiet="{} quiet hours",
        storm="many at once",
        storm_of="many at once from {}",
        all_of_them="all of them: {}",
        backlog="Already in the feeds when watching began: {} matching articles of the last 48 hours",
    ),
    "sq": DigestWords(
        "sq",
        one="{} njoftim",
        few="{} njoftime",
        many="{} njoftime",
        critical="{} kritike",
        down="pa {}",
        quiet="orë të qeta {}",
        storm="shumë përnjëherë",
        storm_of="shumë përnjëherë nga {}",
        all_of_them="të gjitha: {}",
        backlog="Ishin në burime kur nisi vëzhgimi: {} artikuj që përputhen, nga 48 orët e fundit",
    ),
    "sr": DigestWords(
        "sr",
        one="{} upozorenje",
        few="{} upozorenja",
        many="{} upozorenja",
        critical="kritičnih: {}",
        down="bez veze: {}",
        quiet="{} mirni sati",
        storm="mnogo odjednom",
        storm_of="mnogo odjednom, izvor: {}",
        all_of_them="sva: {}",
        backlog="Već u izvorima kad je počelo praćenje: članaka koji odgovaraju, za poslednjih 48 sati: {}",
    ),
    "mk": DigestWords(
        "mk",
        one="{} известување",
        few="{} известувања",
        many="{} известувања",
        critical="критични: {}",
        down="без врска: {}",
        quiet="{} мирни часови",
        storm="многу одеднаш",
        storm_of="многу одеднаш, извор: {}",
        all_of_them="сите: {}",
        backlog="Веќе во изворите кога почна следењето: статии што одговараат, за последните 48 часа: {}",
    ),
}
