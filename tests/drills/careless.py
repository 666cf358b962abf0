"""A worker without one of its guards, for the controls: `CARELESS=phases python -m tests.drills.careless -A config worker`."""

import os
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from celery.bin.celery import main
from celery.signals import worker_process_init

if TYPE_CHECKING:
    from reports.models import Delivery


@worker_process_init.connect
def without(**_signal: object) -> None:
    """Take the guard off in this process."""
    sending = import_module("reports.delivery.sending")
    if os.environ["CARELESS"] == "phases":
        vars(sending)["start_data"] = lambda delivery: True
    else:
        vars(sending)["lease"] = lease_what_others_have


def lease_what_others_have(*delivery_ids: UUID) -> "list[Delivery]":
    """A lease that asks nobody."""
    models, clock = import_module("reports.models"), import_module("core.clock")
    rows = models.Delivery.objects.filter(pk__in=delivery_ids)
    rows.update(state="sending", leased_until=clock.database_now() + timedelta(minutes=2))
    return list(rows.select_related("edition", "erratum").defer("edition__content"))


if __name__ == "__main__":
    main()
