"""The worker's and the clock's entry. Tasks carry ids; the work itself lies in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("musterpoint")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="a worker starts")
def _start_worker(**_options: Any) -> None:
    """By name, since models can be imported only when all apps are there."""
    import_string("config.starting.start_worker")()
