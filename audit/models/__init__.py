from audit.models.change import KEYS_TOLD, RowChange
from audit.models.event import AuditEvent
from audit.models.reading import Reading
from audit.models.seal import BINDING, Seal
from audit.models.sealed import SERVICE, Sealed

__all__ = ["BINDING", "KEYS_TOLD", "SERVICE", "AuditEvent", "Reading", "RowChange", "Seal", "Sealed"]
