"""Deciding one pair, and many at once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ActForm
from core.refusals import refusal
from displacement.actions.bulk_judging import decide
from displacement.actions.duplicates import judge
from displacement.actions.merging import conflicts_of, merge
from displacement.identity.compare import weight
from displacement.identity.differences import Line, shown, side_by_side
from displacement.identity.disclosure import disclosed
from displacement.identity.identity import features_of
from displacement.identity.takeable import TAKEABLE
from displacement.identity.words import in_words
from displacement.models import Household, Merge, Person, PossibleDuplicate
from displacement.models.duplicate import UNDECIDED, Verdict

#: Names of the fields that ask which value stands begin with it.
_VALUE = "value_"
_AS_IT_IS = gettext_lazy("as in the record that goes on")


@dataclass(frozen=True, slots=True)
class PairRow:
    """A line of the table, and the buttons that say which value stands; without them where there is no choice."""

    line: Line
    asked: BoundField | None
    one: BoundWidget | None
    other: BoundWidget | None
    neither: BoundWidget | None


class JudgeForm(ActForm):
    """Both records side by side, and the verdict in one keystroke."""

    page = "desk/pair.html"
    done = gettext_lazy("Decided. Here is the next one.")
    kept = forms.ChoiceField(
        label=gettext_lazy("Which record goes on"),
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy(
            "Everything recorded of the other moves to it. What is marked in the table above stands in it from then on."
        ),
    )
    is_clearing = forms.BooleanField(
        label=gettext_lazy("Void the stay of the other record that overlaps, and merge"),
        required=False,
        help_text=gettext_lazy(
            "The person slept in one of the two places: choose the record whose stay is right."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Others will read this. No names."),
    )

    def __init__(self, *args: Any, record: PossibleDuplicate, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.pair = record
        seen = disclosed([record], self.by)
        shown = [person for person in (record.first, record.second) if person.pk in seen]
        self.one, self.other = (*sorted(shown, key=lambda p: (p.occurred_at, p.pk)), None)[:2]
        self.is_whole = len(shown) == 2
        self.in_the_way: list[str] = []
        self.lines = side_by_side(self.one, self.other) if self.one and self.other else []
        self._offer_survivors()
        self._offer_values()

    def _offer_survivors(self) -> None:
        """Ask only what there is to choose."""
        if not self.one or not self.other or not self.is_open:
            del self.fields["kept"], self.fields["is_clearing"]
            return
        kept: Any = self.fields["kept"]
        kept.choices = [(str(p.pk), f"{p.full_name} · {p.number}") for p in (self.one, self.other)]
        kept.initial = str(self.one.pk)
        in_the_way = conflicts_of({self.other.pk: self.one.pk})
        rows = [row for conflict in in_the_way.values() for row in conflict.rows]
        if not rows or not all(self._may_void(row) for row in rows):
            del self.fields["is_clearing"]
        self.in_the_way = [conflict.sentence for conflict in in_the_way.values()]

    def _offer_values(self) -> None:
        """Ask which value stands, where the two records say different things, or only one of them says anything."""
        one, other = self.one, self.other
        if not one or not other or not self.is_open:
            return
        for thing in TAKEABLE:
            if thing.is_offered(one, other) or thing.is_offered(other, one):
                known = [person for person in (one, other) if not thing.is_blank(person)]
                is_filled = thing.fills_blanks and len(known) == 1
                self.fields[_VALUE + thing.name] = forms.ChoiceField(
                    label=str(thing.label),
                    widget=forms.RadioSelect,
                    required=False,
                    choices=[("", _AS_IT_IS), *((str(person.pk), shown(thing, person)) for person in known)],
                    initial=str(known[0].pk) if is_filled else "",
                )

    def laid_out(self) -> AdminForm:
        """Without the values: they are chosen in the table."""
        form = super().laid_out()
        asked = [name for name in self.fields if not name.startswith(_VALUE)]
        return AdminForm(form.form, [(None, {"fields": asked})], {}, (), model_admin=self.desk)

    @property
    def seen(self) -> str:
        """The versions of what is shown, which the page sends along: always those of now."""
        return " ".join(f"{row.pk}:{row.version}" for row in self._compared())

    @property
    def has_choice(self) -> bool:
        """Whether any value is to be chosen."""
        return any(name.startswith(_VALUE) for name in self.fields)

    @property
    def table(self) -> list["PairRow"]:
        """The lines side by side, each with what there is to choose."""
        ends = [str(person.pk) for person in (self.one, self.other) if person]
        rows = []
        for line in self.lines:
            asked = self[_VALUE + line.name] if _VALUE + line.name in self.fields else None
            buttons = {str(button.data["value"]): button for button in asked or ()}
            rows.append(PairRow(line, asked, *(buttons.get(key) for key in (*ends, ""))))
        return rows

    def _may_void(self, row: Model) -> bool:
        theirs: Any = self.desk.admin_site.get_model_admin(type(row))
        return bool(theirs.may(self.request, "void", row))

    @property
    def chance(self) -> str:
        """The probability in percent."""
        return percent(self.record)

    @property
    def is_open(self) -> bool:
        """Whether there is still something to decide."""
        people = (self.record.first, self.record.second)
        return self.record.state in UNDECIDED and not any(p.is_void or p.merged_into_id for p in people)

    @property
    def why(self) -> list[str]:
        """What the comparison found, in words; nothing where one record is not disclosed."""
        if not self.one or not self.other:
            return []
        match = weight(features_of(self.one.identity()), features_of(self.other.identity()))
        return in_words(match.levels)

    @property
    def words(self) -> list[str]:
        """What the organisations said, for those who may see both records."""
        if not self.is_whole:
            return []
        said = self.record.words.select_related("organisation").order_by("organisation__short_name")
        return [f"{word.organisation}: {word.get_verdict_display()}" for word in said]

    def perform(self) -> Model:
        """Write the verdict; of one person, merge the two as chosen."""
        verdict, reason = str(self.data.get("verdict", "")), self.cleaned_data["reason"]
        if verdict == Verdict.SAME and self.one and self.other:
            self._merge(self.one, self.other, reason)
            return self.pair
        result = judge(pairs=[self.record], verdict=verdict, by=self.by, reason=reason)
        for sentence in result.refused.values():
            raise ValidationError(sentence, code="refused")
        return self.pair

    def _merge(self, one: Person, other: Person, reason: str) -> Merge:
        kept, merged = (one, other) if self.cleaned_data.get("kept") != str(other.pk) else (other, one)
        is_clearing = bool(self.cleaned_data.get("is_clearing"))
        if is_clearing:
            rows = [row for found in conflicts_of({merged.pk: kept.pk}).values() for row in found.rows]
            if not all(self._may_void(row) for row in rows):
                raise refusal(
                    _(
                        "You may not void that stay. Ask whoever runs the shelter to void or end it, then merge."
                    ),
                    code="permission_denied",
                )
        chosen = {
            name.removeprefix(_VALUE): told
            for name, told in self.cleaned_data.items()
            if name.startswith(_VALUE)
        }
        take = {name for name, told in chosen.items() if told == str(merged.pk)}
        return merge(
            kept=kept,
            merged=merged,
            by=self.by,
            reason=reason,
            is_clearing=is_clearing,
            take=take,
            versions=self._seen(),
        )

    def _seen(self) -> dict[UUID, int]:
        """The versions that the page showed, as far as it sent them along."""
        told = dict(part.split(":") for part in self.data.get("seen", "").split() if part.count(":") == 1)
        sent = {row.pk: told.get(str(row.pk), "") for row in self._compared()}
        return {pk: int(version) for pk, version in sent.items() if version.isdecimal()}

    def _compared(self) -> list[Person | Household]:
        """The rows whose values are side by side."""
        people = [person for person in (self.one, self.other) if person]
        return [*people, *(person.household for person in people)]


class ManyForm(ActForm):
    """One verdict on many pairs."""

    explanation = gettext_lazy(
        "All waiting pairs at or above the likelihood get this verdict, as far as you reach both records. "
        "Look at some of them first: a worker then carries it out, and what cannot be merged stays in the queue."
    )
    done = gettext_lazy("A worker decides them now. This page shows how far it is.")
    verdict = forms.ChoiceField(label=gettext_lazy("They are"), choices=Verdict.choices)
    least_percent = forms.FloatField(
        label=gettext_lazy("Likelihood at least, in percent"), min_value=0, max_value=100, initial=99
    )
    run = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why this holds for all of them"),
        max_length=300,
        help_text=gettext_lazy("Others will read this. No names."),
    )

    def perform(self) -> Model:
        """Write the decision down; a worker carries it out."""
        told = self.cleaned_data
        return decide(
            verdict=told["verdict"],
            least_probability=told["least_percent"] / 100,
            run=told["run"],
            reason=told["reason"],
            by=self.by,
        )

    def land(self, refusal: ValidationError) -> None:
        """The action speaks of a probability; the page asks for percent."""
        if hasattr(refusal, "error_dict") and "least_probability" in refusal.error_dict:
            refusal.error_dict["least_percent"] = refusal.error_dict.pop("least_probability")
        super().land(refusal)


def percent(pair: PossibleDuplicate) -> str:
    """The probability in percent with one decimal, never rounded up to certainty; a dash where people brought them together."""
    if pair.probability is None:
        return "—"
    return f"{min(pair.probability, 0.999):.1%}"
