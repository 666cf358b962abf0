"""Every region by code and by name, in memory: for lists, where a question to the database for each row would be too slow."""

from collections import defaultdict

from core.names import search_key
from regions.models import Region, RegionCode, RegionName


class Gazetteer:
    """All regions as they are now. Three queries; a few megabytes for the settlements of two countries."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, set[int]] = defaultdict(set)
        for pk, key in Region.objects.values_list("pk", "key"):
            self._exact[key.lower()].add(pk)
        for pk, code in RegionCode.objects.values_list("region_id", "code"):
            self._exact[code.lower()].add(pk)
        for pk, folded in RegionName.objects.values_list("region_id", "folded"):
            self._named[folded].add(pk)

    def find(self, text: str) -> frozenset[int]:
        """The ids of the regions that the text may mean, as `Region.objects.find` decides: a key or code wins over a name.

        None: nobody knows it. Several: it is a district, a town and an oblast, and must not be guessed.
        """
        text = text.strip()
        found = self._exact.get(text.lower())
        if not found:
            folded = search_key(text)
            found = self._named.get(folded) if folded else None
        return frozenset(found or ())
