"""Invented incidents and their casualties, at every rung of the ladder; what was really claimed stands in the claims."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.policy import Role
from displacement.models import Casualty, CasualtySource, CasualtyStep, Incident, Source
from displacement.models.casualty import Rung
from displacement.models.claim import Reliability, SourceType
from intake.keys import Keys
from intake.scenarios.kursk_2024.cast import Team
from intake.scenarios.kursk_2024.days import STARTS_ON, local
from intake.scenarios.kursk_2024.names import read

_SOURCES: dict[str, tuple[str, SourceType]] = {
    "witness": ("Neighbour, by telephone (invented)", SourceType.WITNESS),
    "relatives": ("Relatives (invented)", SourceType.WITNESS),
    "colleagues": ("Colleagues at the scene (invented)", SourceType.NGO),
    "hospital": ("Receiving hospital (invented)", SourceType.AUTHORITIES),
    "administration": ("District administration (invented)", SourceType.MUNICIPALITY),
    "newspaper": ("Local newspaper (invented)", SourceType.MEDIA),
}


@dataclass(slots=True)
class Files:
    """What is written, table by table, and by whom: the recorder of one organisation, the verifier of another."""

    keys: Keys
    recorder: UUID
    verifier: UUID
    sources: dict[str, Source]
    casualties: list[Casualty] = field(default_factory=list)
    told: list[CasualtySource] = field(default_factory=list)
    steps: list[CasualtyStep] = field(default_factory=list)

    def add(self, row: dict[str, str], incident: Incident) -> None:
        """One line of the file of casualties: the victim, who tells of it, and its way up or down the ladder."""
        steps = [_step(text) for text in row["steps"].split()]
        casualty = self._casualty(row, incident, steps)
        for number, name in enumerate(row["sources"].split()):
            self._tell(casualty, name, steps[0][1] + timedelta(hours=number), steps)
        for rung, at in steps:
            by = self.verifier if rung in (Rung.VERIFIED, Rung.REFUTED) else self.recorder
            self.steps.append(
                CasualtyStep(
                    id=self.keys.at(at),
                    casualty=casualty,
                    rung=rung,
                    reason="Found alive by colleagues." if rung is Rung.REFUTED else "",
                    occurred_at=at,
                    recorded_at=at,
                    recorded_by=by,
                )
            )

    def _casualty(
        self, row: dict[str, str], incident: Incident, steps: list[tuple[Rung, datetime]]
    ) -> Casualty:
        rung, at = steps[-1]
        is_verified = rung is Rung.VERIFIED
        casualty = Casualty(
            id=self.keys.at(steps[0][1]),
            incident=incident,
            outcome=row["outcome"],
            died_on=row["died_on"] or None,
            people_min=int(row["least"]),
            people_max=int(row["most"]),
            civilian_status=row["status"],
            sex=row["sex"],
            age=row["age"],
            rung=rung,
            verified_at=at if is_verified else None,
            verified_by=self.verifier if is_verified else None,
            occurred_at=incident.occurred_at,
            recorded_at=steps[0][1],
            recorded_by=self.recorder,
        )
        self.casualties.append(casualty)
        return casualty

    def _tell(self, casualty: Casualty, name: str, at: datetime, steps: list[tuple[Rung, datetime]]) -> None:
        """Sources of what is corroborated or verified say who, what, when and where; of the rest, what and where.

        `newspaper>hospital` repeats the hospital's word, and is not independent of it.
        """
        name, _, origin = name.partition(">")
        is_whole = any(rung in (Rung.CORROBORATED, Rung.VERIFIED) for rung, _at in steps)
        self.told.append(
            CasualtySource(
                id=self.keys.at(at),
                casualty=casualty,
                source=self.sources[name],
                origin=self.sources[origin] if origin else None,
                supports_who=is_whole,
                supports_what=True,
                supports_when=is_whole,
                supports_where=True,
                occurred_at=at,
                recorded_at=at,
                recorded_by=self.recorder,
            )
        )


def create_incidents(keys: Keys, regions: dict[str, int], teams: list[Team]) -> int:
    """Write the incidents with all that hangs on them; returns how many incidents."""
    sources = {
        name: Source.objects.get_or_create(name=words, defaults={"type": kind, "reliability": Reliability.C})[
            0
        ]
        for name, (words, kind) in _SOURCES.items()
    }
    recorder = teams[0].staff[Role.CASUALTY_RECORDER]
    files = Files(keys, recorder, teams[1].staff[Role.CASUALTY_VERIFIER], sources)
    incidents = {
        row["incident"]: _incident(row, keys, regions, teams[0], recorder) for row in read("incidents.csv")
    }
    for row in read("casualties.csv"):
        files.add(row, incidents[row["incident"]])
    Incident.objects.bulk_create(incidents.values())
    Casualty.objects.bulk_create(files.casualties)
    CasualtySource.objects.bulk_create(files.told)
    CasualtyStep.objects.bulk_create(files.steps)
    return len(incidents)


def _incident(
    row: dict[str, str], keys: Keys, regions: dict[str, int], team: Team, recorder: UUID
) -> Incident:
    at = _at(f"{row['day']}.{row['hour']}")
    known_at = at + timedelta(hours=2)
    return Incident(
        id=keys.at(known_at),
        organisation=team.organisation,
        region_id=regions[row["region"]],
        precision=row["precision"],
        occurred_until=at + timedelta(days=2) if row["precision"] == "period" else None,
        cause=row["cause"],
        place=row["place"],
        description=row["description"],
        occurred_at=at,
        recorded_at=known_at,
        recorded_by=recorder,
    )


def _step(text: str) -> tuple[Rung, datetime]:
    rung, _, moment = text.partition("@")
    return Rung(rung), _at(moment)


def _at(text: str) -> datetime:
    """`7.14` is the 7th of the scenario's month at 14:00 local."""
    day, _, hour = text.partition(".")
    return local(date(STARTS_ON.year, STARTS_ON.month, int(day)), int(hour))
