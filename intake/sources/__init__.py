"""From a foreign file to columns and rows of text: `open_source` knows what the file is."""

from intake.sources.limits import LIMITS, Limits
from intake.sources.naming import shown_name
from intake.sources.opening import open_source
from intake.sources.sentences import SENTENCES
from intake.sources.source import Column, Options, Source, SourceRow

__all__ = [
    "LIMITS",
    "SENTENCES",
    "Column",
    "Limits",
    "Options",
    "Source",
    "SourceRow",
    "open_source",
    "shown_name",
]
