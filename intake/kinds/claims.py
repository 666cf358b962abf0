"""Claims: what somebody said about numbers, one a row or one a column. They stand beside what we count and are never added."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from displacement.actions import claims as acts
from displacement.models import Claim
from displacement.models.claim import Credibility
from intake.kinds import life, sourced
from intake.kinds.asking import Asking, in_reach
from intake.kinds.claim_fields import FIELDS, SPREAD
from intake.kinds.kind import Checking, Chunk, ChunkRow, Kind, Row, TakingBack
from intake.kinds.saying import Said, one_by_one, said_before, said_in
from intake.models import Batch, StagedRow
from intake.models.staging import Severity
from intake.values.reading import Reading
from regions.models import Region


class Claims(Kind):
    """Numbers with source, region and moment. The same claim twice is one; another number of the same source is asked about."""

    name = "claims"
    label = _("Claims")
    permission = ("displacement.claim", "add")
    record = Claim
    places = ("region",)
    derived = ("said", "where", "published")
    fields = FIELDS
    sentences = {
        **sourced.SENTENCES,
        **life.SENTENCES,
        "admiralty": _("Give a letter from A to F for a source, a digit from 1 to 6 for what it said."),
        "value_needed": _("There is no number in this row. Give one, or leave the row out."),
        "indicator_needed": _("Say what the number is about: evacuated, killed, in shelters ..."),
        "range_reversed": _("The lowest number is above the highest. Check both."),
        "published_early": _(
            "A claim cannot be published before the moment that it speaks of. Check both times."
        ),
        "says_otherwise": _(
            "This source said another number about the same for the same moment. Take the row only if it said both."
        ),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """What the row says, number by number, in the words of the ledger."""
        slots = self.slots

        def prepare(row: Row) -> None:
            told = {name: row.value[place] for name, place in slots.items()}
            row.value[slots["where"]] = told["region"] or told["region_above"]
            row.value[slots["published"]] = published = told["published_at"] or told["as_of"]
            said = list(said_in(told, row))
            row.value[slots["said"]] = ";".join(one.packed() for one in said)
            if not said and not row.findings:
                row.refuse("value", "value_needed")
            if not row.value[slots["where"]]:
                row.refuse("region", "required")
            if not told["source"]:
                row.refuse("source", "required")
            if published and told["as_of"] and life.moment_of(published) < life.moment_of(told["as_of"]):
                row.refuse("published_at", "published_early")

        return prepare

    def check(self, checking: Checking) -> None:
        """What is not yet so, what was said before, and what was said otherwise. Some eight statements."""
        asking = Asking(checking.batch, self)
        where = f"nullif({asking.slot('where')}, '')::int"
        asking.refuse("unknown_region", "region", f"NOT {in_reach(where)}")
        for moment in ("as_of", "published_at"):
            life.refuse_the_future(asking, moment)
        sourced.refuse_unknown(asking, checking.batch)
        same = ", ".join(asking.slot(name) for name in ("where", "as_of", "scope", "said"))
        asking.refuse(
            "said_twice",
            "value",
            "s.number > first.number",
            source=(
                f"JOIN (SELECT s.number AS own, min(s.number) OVER (PARTITION BY lower({asking.slot('source')}), {same})"
                f" AS number FROM intake_stagedrow s WHERE {asking.rows_asked}) first ON first.own = s.number"
            ),
            other="first.number",
        )
        asking.run(
            "UPDATE intake_stagedrow s SET known_as = same.id FROM"
            f" (SELECT s.number, min(c.id::text)::uuid AS id FROM intake_stagedrow s {one_by_one(asking)}"
            f" LEFT JOIN ({said_before(asking)}) c ON c.number = s.number AND c.ordinal = one.ordinal AND c.is_same"
            f" WHERE {asking.rows_asked} GROUP BY s.number HAVING bool_and(c.id IS NOT NULL)) same"
            " WHERE s.batch_id = %(batch)s AND s.number = same.number"
        )
        asking.warn(
            "says_otherwise",
            "value",
            f"s.known_as IS NULL AND s.number IN (SELECT c.number FROM ({said_before(asking)}) c WHERE NOT c.is_same)",
        )

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """How many claims: a row with several columns makes several."""
        asking = Asking(checking.batch, self)
        counted = (
            f"SELECT count(*) FROM intake_stagedrow s {one_by_one(asking)} WHERE s.batch_id = %(batch)s"
            " AND s.severity <= %(worst)s AND s.known_as IS NULL AND NOT s.is_left_out"
        )
        return {"claims": checking.rows(counted, {"worst": int(worst)})[0][0]}

    def write(self, chunk: Chunk) -> dict[str, int]:
        """Claim by claim through the act of the desk: the ledger is short. Some four queries a claim."""
        regions = Region.objects.in_bulk([int(row.value[self.slots["where"]]) for row in chunk.rows])
        written = 0
        for row in chunk.rows:
            told = {name: row.value[place] for name, place in self.slots.items()}
            for place, text in enumerate(told["said"].split(";")):
                said = Said.unpacked(text)
                written += self._record(chunk, row, told, said, place, regions[int(told["where"])])
        return {"claims": written}

    def take_back(self, undoing: TakingBack, *, partly: bool) -> list[str]:
        """Withdraw what the list said: claims are never removed. Those that others are linked with are kept."""
        mine = Claim.objects.filter(pk__in=self._ids(undoing.batch))
        linked = mine.filter(Q(links__isnull=False) | Q(linked_by__isnull=False))
        kept = [str(claim) for claim in linked.distinct().order_by("pk")]
        if kept and not partly:
            return kept
        chosen = list(mine.exclude(pk__in=linked.values("pk")).values_list("pk", flat=True))
        undoing.run(
            "INSERT INTO displacement_claimwithdrawal (id, claim_id, reason, recorded_at, recorded_by)"
            " SELECT gen_random_uuid(), c.id, %(reason)s, %(at)s, %(by)s FROM displacement_claim c WHERE c.id = ANY(%(ids)s)",
            {"ids": chosen},
        )
        undoing.voided["claim"] += len(chosen)
        return kept

    def lying(self, batch: Batch) -> Counter[str]:
        """Claims are never void: all that the list said."""
        return self.by_region(Claim, Q(pk__in=self._ids(batch)))

    def _ids(self, batch: Batch) -> list[UUID]:
        """The ids of all claims that the list may have written."""
        rows = StagedRow.objects.filter(batch=batch, known_as=None, is_left_out=False)
        return [
            claim_id(pk, n) for pk in rows.values_list("record_id", flat=True) for n in range(len(SPREAD) + 1)
        ]

    def _record(
        self, chunk: Chunk, row: ChunkRow, told: dict[str, str], said: Said, place: int, region: Region
    ) -> int:
        """Write one number down, unless it stands there already; answers how many were written."""
        source, as_of = sourced.source_of(told), life.moment_of(told["as_of"])
        assert source is not None
        about: dict[str, Any] = {
            "region": region,
            "indicator": said.indicator,
            "kind": said.kind,
            "unit": said.unit,
        }
        numbers: dict[str, Any] = {
            "qualifier": said.qualifier,
            "value": said.value,
            "value_min": said.low,
            "value_max": said.high,
        }
        same = Claim.objects.filter(source=source, as_of=as_of, scope__iexact=told["scope"], withdrawal=None)
        if same.filter(**about, **numbers).exists():
            return 0
        acts.record(
            id=claim_id(row.record_id, place),
            source=source,
            as_of=as_of,
            is_as_of_day=not (as_of.hour or as_of.minute or as_of.second),
            published_at=life.moment_of(told["published"]),
            children=int(told["children"]) if told["children"] and told["indicator"] else None,
            by=chunk.by,
            **about,
            **numbers,
            **_words(told),
        )
        return 1


def claim_id(row: UUID, place: int) -> UUID:
    """The id of the claim that the row's number at this place becomes."""
    return UUID(int=row.int ^ place)


def _words(told: dict[str, str]) -> dict[str, Any]:
    """What the ledger keeps as it was said."""
    period = told["period_start"]
    return {
        "scope": told["scope"],
        "quote": told["quote"],
        "url": told["url"],
        "note": told["note"],
        "reliability": told["reliability"],
        "credibility": told["credibility"] or Credibility.UNJUDGED,
        "period_start": life.moment_of(period) if period else None,
    }
