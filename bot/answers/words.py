"""A member's text made plain: what is compared, never what is shown."""

import re
import unicodedata
from functools import lru_cache

# A question is read up to here; nobody asks in more.
LONGEST_CHARS = 600

_TAGS = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|/[^:<>]+:\d+)>")
_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Three or more single letters with something between each: "i g n o r e", "i.g.n.o.r.e".
_SPACED = re.compile(r"(?<!\w)\w(?:[\s.\-_*|]{1,2}\w(?!\w)){3,}")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Letters of other alphabets that pass for Latin ones, and digits for letters inside a word.
_ALIKE = str.maketrans("аеорсухіјѕԁӏνοαе", "aeopcyxijsdlvoae")
_DIGITS = str.maketrans("013457@$", "oieastas")
_CODED = re.compile(
    r"(?<![\w$])(?=[a-z]*[013457@$]+[a-z])(?=(?:[013457@$]*[a-z]){3})[a-z013457@][a-z013457@$]{3,}(?!\w)"
)


def words_of(line: str) -> frozenset[str]:
    """Return the words of a line."""
    return frozenset(line.split())


# As typed in chats, and as written.
SHORT_FORMS = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "pls": "please", "plz": "please", "thx": "thanks",
    "ppl": "people", "wat": "what", "wats": "what is", "whats": "what is", "wut": "what", "wen": "when",
    "wheres": "where is", "hows": "how is", "whos": "who is", "dont": "do not", "doesnt": "does not",
    "cant": "can not", "isnt": "is not", "didnt": "did not", "wont": "will not", "im": "i am", "ive": "i have",
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "bc": "because", "cuz": "because", "abt": "about",
    "b4": "before", "tmrw": "tomorrow", "sth": "something", "diff": "difference", "addy": "address",
    "acct": "account", "info": "information", "tx": "transaction", "txn": "transaction", "txs": "transactions",
    "l1": "layer 1", "l2": "layer 2", "l2s": "layer 2s", "dm": "private message", "dms": "private messages",
    "dmed": "sent a private message", "msg": "message", "alloc": "allocation", "retrodrop": "retroactive airdrop",
    "altseason": "altcoin season",
}  # fmt: skip

# A drop is an airdrop, unless it is one of prices; some words are a seed phrase.
_DROP = re.compile(r"\b(?<!price )(?<!rug )drop(s?)\b(?! (?:in|of|to|by)\b)", re.IGNORECASE)
_SEED = re.compile(r"\b(?:12|24|twelve|twenty-four|secret|recovery|backup)[ -]words?\b|\bmnemonic\b", re.IGNORECASE)

# Words that say nothing about the subject.
COMMON = words_of(
    "a about actually an and any anyone are as at be been being bot but by can could did do does doing done even every "
    "for from get gets getting give go going got had has have having he hello help her here hey hi him his how i if in "
    "into is it its just kind know let like lot made make makes many may me mean means might more most much my need no "
    "not of off ok on one only or our out over please really say see should so some somebody someone something still "
    "tell than thank thanks that the their them then there these they thing things think this those to too up us use "
    "used using very want was way we well were what when where which while who whom whose why will with without would "
    "you your"
)


def plain(text: str) -> str:
    """Return `text` in one line without what nobody sees: marks, tags, addresses, look-alike letters."""
    text = unicodedata.normalize("NFKC", text[: LONGEST_CHARS * 4])
    text = _ADDRESSES.sub(" ", _TAGS.sub(" ", text))
    text = "".join(_seen(letter) for letter in text)
    return " ".join(text.split())[:LONGEST_CHARS].strip()


def _seen(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if kind[0] == "C" else letter


def decoded(text: str) -> str:
    """Return plain `text` in lower case as it reads aloud: spaced, coded and borrowed letters put right."""
    text = _without_borrowed(text.casefold())
    text = _SPACED.sub(lambda found: re.sub(r"[\W_]", "", found[0]), text)
    return _CODED.sub(lambda found: found[0].translate(_DIGITS), text)


def _without_borrowed(text: str) -> str:
    # Only in words that mix alphabets or in texts that are otherwise Latin: Russian stays Russian.
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    other = sum(letter.isalpha() for letter in text) - latin
    return text.translate(_ALIKE) if latin > other else text


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word without its commonest endings, so that claims, claimed and claiming are one."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    for ending in ("ingly", "edly", "ings", "ing", "ers", "ed", "er", "es", "s", "ly"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and not (ending == "s" and rest.endswith(("s", "u", "i"))):
            word = rest
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def spoken(text: str) -> str:
    """Return plain `text` with the short forms and the slang of chats written out."""
    text = _WORDS.sub(lambda found: SHORT_FORMS.get(_bare(found[0]), found[0]), text)
    return _DROP.sub(r"airdrop\1", _SEED.sub("seed phrase", text))


def terms(text: str) -> list[str]:
    """Return the stems of the words in `text` that say something about its subject."""
    return [stem(word) for word in map(_bare, _WORDS.findall(text)) if word not in COMMON]


def _bare(word: str) -> str:
    return word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
