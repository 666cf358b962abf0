"""One act: who did what to which record, when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.sealed import Sealed


class AuditEvent(Sealed):
    """An act that has been done. Rows are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE.

    It holds ids and no foreign keys, so that it outlives what it speaks of, and no personal data: `detail` carries codes,
    counts and ids. `reason` is what somebody wrote: of it `reason_digest` is sealed, made with `reason_salt`, so that words
    about somebody who is erased can be taken out with their salt (audit.actions.forgetting). PostgreSQL makes both.
    """

    actor_id = models.UUIDField(_("by"), db_index=True)
    action = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("kind of record"), max_length=60)
    object_id = models.CharField(_("record"), max_length=40)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    reason_salt = models.UUIDField(null=True, editable=False)
    reason_digest = models.BinaryField(_("digest of the reason"), null=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type}"
