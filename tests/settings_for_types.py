"""The settings as mypy's Django plugin reads them: it asks no server, yet each must be named."""

import os
import sys
from importlib import import_module

from config.embedded.commands import NOWHERE

for name, value in {**NOWHERE, "SECRET_KEY": "only-for-types"}.items():
    os.environ.setdefault(name, value)

sys.modules[__name__] = import_module("config.settings")
