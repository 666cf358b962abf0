"""Identity documents: what people show of themselves, and the surest key to who is who."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from core.sealed import SealedCharField, is_opened
from displacement.identity.documents import document_key, number_index
from displacement.identity.erasing import Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.person import Person


class DocumentKind(models.TextChoices):
    """What kind of paper it is, as far as it matters for who is who: each kind numbers its own series in a country.

    People who fled within Ukraine and Russia show these: the passport for use at home (a booklet with series and number), the
    one for travelling abroad (ICAO Doc 9303), the card that replaces the first (in Ukraine since 2016), a birth certificate
    (children, and adults who saved nothing else), the certificate that registers somebody as displaced (Ukraine: resolution
    509 of 2014), a residence permit of whoever is no citizen, and the numbers of a tax and of a social security account
    (RNOKPP or INN, SNILS), which are no documents and yet known by heart. Military papers are not asked for: they tell
    more than who somebody is.
    """

    PASSPORT = "passport", _("passport for use at home")
    TRAVEL_PASSPORT = "travel_passport", _("passport for travelling abroad")
    ID_CARD = "id_card", _("identity card")
    BIRTH_CERTIFICATE = "birth_certificate", _("birth certificate")
    DISPLACED_CERTIFICATE = "displaced_certificate", _("certificate of a displaced person")
    RESIDENCE_PERMIT = "residence_permit", _("residence permit")
    TAX_NUMBER = "tax_number", _("tax number")
    SOCIAL_NUMBER = "social_number", _("social security number")
    OTHER = "other", _("other document")


class IdentityDocumentQuerySet(FactQuerySet):
    """Questions about documents."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Documents of persons whose data the user may see."""
        return self.filter(reached(user, "displacement.identitydocument"))


class IdentityDocument(Fact):
    """A document that somebody showed, or whose number they told, at `occurred_at`. A wrong one is voided and recorded anew.

    `number` is series and number as they stand there; `country` issued it, blank where that is not known. One person may have
    several of a kind, an old and a new one.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.RE_POINT}
    on_erase: ClassVar[OnErase] = OnErase({"person": Fate.REMOVE})

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents", verbose_name=_("person"))
    kind = models.CharField(_("kind of document"), max_length=21, choices=DocumentKind)
    country = models.CharField(
        _("issued by country"), max_length=2, blank=True, help_text=_("ISO 3166, such as UA or RU.")
    )
    number = SealedCharField(_("series and number"), max_length=40)
    number_index = models.BigIntegerField(null=True, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = IdentityDocumentQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")
        ordering = ["person", "kind", "id"]
        indexes = [
            models.Index(
                fields=["number_index"], name="document_by_number", condition=Q(number_index__isnull=False)
            ),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="document_has_a_number",
                condition=~Q(number=""),
                violation_error_message=_("Write the number as it stands on the document."),
            ),
            models.CheckConstraint(
                name="document_ends_later",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                violation_error_message=_("A document cannot end before it was issued. Check both days."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def save(self, **kwargs: Any) -> None:
        """Keep what stands for the number in step with it, and the person found by it."""
        fields = kwargs.get("update_fields")
        if fields is None or "number" in fields:
            self.give_index()
            kwargs["update_fields"] = None if fields is None else {*fields, "number_index"}
        super().save(**kwargs)
        find_by_documents([self.person_id])

    def give_index(self) -> None:
        """Make anew what stands for the number, where somebody set or read it. Nothing is saved."""
        if is_opened(self, "number"):
            self.number_index = number_index(self.number)

    @property
    def key(self) -> int | None:
        """What stands for this document among all; None where the number tells too little."""
        return None if self.number_index is None else document_key(self.kind, self.country, self.number_index)


@transaction.atomic
def find_by_documents(people: Collection[UUID]) -> None:
    """Let people be found by the documents that stand for them now, and by no others. Two or three queries."""
    locked = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people)
    standing = list(locked.select_related("household").order_by("pk"))
    documents = IdentityDocument.objects.current().filter(person__in=people, number_index__isnull=False)
    found: dict[UUID, set[int]] = {pk: set() for pk in people}
    for document in documents.defer("number"):
        found[document.person_id].add(document.key)
    differing = []
    for person in standing:
        keys = sorted(found[person.pk]) or None
        if keys != person.document_keys:
            person.document_keys = keys
            person.renew_keys()
            differing.append(person)
    Person.objects.bulk_update(differing, ["document_keys", "match_keys"])
