"""Which requests were carried out under a key of the caller's own, so that sending one again does nothing twice."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class IdempotencyKey(models.Model):
    """One request that `made_by` sent to `route` under a key, and what came of it.

    `key` and `body` are digests under a secret of the service: what was sent stands nowhere here. `outcome` names records
    by their ids; what they hold is read anew when the request is sent again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made_by = models.UUIDField(_("account"))
    made_at = models.DateTimeField(_("carried out"), db_default=Now(), db_index=True)
    route = models.CharField(_("act"), max_length=120)
    key = models.CharField(_("digest of the key"), max_length=64)
    body = models.CharField(_("digest of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status of the answer"))
    outcome = models.JSONField(_("ids in the answer"))

    class Meta:
        verbose_name = _("key of a request")
        verbose_name_plural = _("keys of requests")
        constraints = [
            models.UniqueConstraint(fields=["made_by", "route", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.made_at:%Y-%m-%d}"
