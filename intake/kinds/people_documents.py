"""Documents of staged people: sealed for the list until now, and for rows of their own from here on."""

from collections.abc import Mapping

from displacement.models import IdentityDocument
from displacement.models.document import find_by_documents
from intake.kinds.kind import Chunk
from intake.kinds.people_reading import kind_in
from intake.kinds.people_statements import STAGED, Statements
from intake.slots import opened


def write_documents(slots: Mapping[str, int], chunk: Chunk) -> int:
    """Write those of the chunk's new people; how many. One query where there are none, else five."""
    of = Statements(slots, chunk)
    told = of.rows_of(
        f"SELECT s.record_id, s.value, {of.registered_at()} FROM {STAGED} s"
        f" WHERE {of.written()} AND {of.text('document_number')} <> '' ORDER BY s.lead, s.number"
    )
    papers = []
    for person, value, at in told:
        kind, country = kind_in(value, slots)
        paper = IdentityDocument(person_id=person, kind=kind, country=country, occurred_at=at)
        paper.recorded_at, paper.recorded_by = chunk.at, chunk.by.pk
        paper.number = opened(value[slots["document_number"]], chunk.batch.pk)
        paper.give_index()
        papers.append(paper)
    if papers:
        IdentityDocument.objects.bulk_create(papers)
        find_by_documents([paper.person_id for paper in papers])
    return len(papers)
