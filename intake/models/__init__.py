from intake.models.batch import Batch, BatchPart
from intake.models.inbox import KoboForm, Submission
from intake.models.mapping import Mapping
from intake.models.staging import Finding, StagedRow

__all__ = ["Batch", "BatchPart", "Finding", "KoboForm", "Mapping", "StagedRow", "Submission"]
