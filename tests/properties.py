"""How property tests run here: the same examples each time, no clock on a shared machine, nothing left in the project."""

import os
from pathlib import Path

from hypothesis import configuration, settings

# The conftest has made the run's own directory by now; it goes with the run.
configuration.set_hypothesis_home_dir(Path(os.environ["DATA_DIR"]) / "hypothesis")
settings.register_profile("musterpoint", deadline=None, derandomize=True, database=None)
settings.load_profile("musterpoint")
