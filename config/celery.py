"""The worker's and the clock's entry. Tasks carry ids; the work itself lies in PostgreSQL."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("musterpoint")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()
