"""The use cases around links: judge one, find those of a text, judge them all."""

from collections.abc import Collection
from weakref import WeakKeyDictionary

from bot.catalogue.editions import Editions
from bot.catalogue.service import Catalogue
from bot.links.finding import Found, found_in
from bot.links.judging import Judge
from bot.links.model import Verdict

# A message of Discord's holds some hundred at most; more are of no use to a reader.
MAX_LINKS = 50


class Links:
    """Say of links whether they are official, by each server's edition of the catalogue; never connects anywhere."""

    def __init__(self, catalogues: Editions, blocked: Collection[str] = ()) -> None:
        self._catalogues = catalogues
        self._blocked = frozenset(blocked)
        # What an edition's domains and names come to is worked out once, and forgotten with it.
        self._judges: WeakKeyDictionary[Catalogue, Judge] = WeakKeyDictionary()

    def _judge(self, guild_id: int | None) -> Judge:
        catalogue = self._catalogues.of(guild_id)
        judge = self._judges.get(catalogue)
        if judge is None:
            judge = self._judges[catalogue] = Judge(catalogue, self._blocked)
        return judge

    def check(self, url: str, guild_id: int | None = None) -> Verdict:
        """Return the verdict on one link, the worst when there are several; whatever the text, there is one."""
        verdicts = self.check_all(url, guild_id)
        return verdicts[0] if verdicts else self._judge(guild_id).judge(Found(url.strip()))

    def find(self, text: str) -> list[str]:
        """Return the addresses in a text, each once, also those that were written not to be found."""
        return list(dict.fromkeys(found.address for found in found_in(text, MAX_LINKS)))

    def check_all(self, text: str, guild_id: int | None = None) -> list[Verdict]:
        """Return a verdict on each link in a text, the worst first."""
        judge = self._judge(guild_id)
        verdicts = [judge.judge(found) for found in found_in(text, MAX_LINKS)]
        # Two pages of one host of which the same is said are one to a reader.
        different: dict[object, Verdict] = {}
        for verdict in verdicts:
            different.setdefault((verdict.host or verdict.address, verdict.reasons), verdict)
        return sorted(different.values(), key=lambda verdict: verdict.severity)
