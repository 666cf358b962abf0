"""Pairs of persons who may be one: the queue."""

from uuid import uuid4

import pytest

from displacement.actions.duplicates import propose
from displacement.models import PossibleDuplicate
from tests.factories.displacement import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_pair_is_written_once_whichever_way_round() -> None:
    one, other = PersonFactory.create(), PersonFactory.create()
    run = uuid4()
    assert propose([(one.pk, other.pk, 0.9), (other.pk, one.pk, 0.95), (one.pk, one.pk, 1.0)], run=run) == 1
    assert propose([(other.pk, one.pk, 0.8)]) == 0
    pair = PossibleDuplicate.objects.get()
    assert (pair.first_id, pair.second_id) == tuple(sorted((one.pk, other.pk)))
    assert (pair.probability, pair.run, pair.state) == (0.8, run, "open")


def test_nobody_is_paired_with_a_voided_or_unknown_record() -> None:
    one, void = PersonFactory.create(), PersonFactory.create(voided=True)
    assert propose([(one.pk, void.pk, 0.9), (one.pk, uuid4(), 0.9)]) == 0
