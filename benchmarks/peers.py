"""The web server's entries for the peers of a page, started as ours is (config/wsgi.py), with no wall before PostgreSQL."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
get_wsgi_application()

from benchmarks.servers import ByHand, Counted, Cursors, Usual, UsualView  # noqa: E402 - once the settings are there
from core.database_roles import LOGIN, begin_with  # noqa: E402

begin_with(LOGIN)
cursor = Usual(UsualView.as_view(pagination_class=Cursors))
count = Usual(UsualView.as_view(pagination_class=Counted))
hand = ByHand()
