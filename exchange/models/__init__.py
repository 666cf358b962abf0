from exchange.models.agreement import Agreement, AgreementState
from exchange.models.endpoint import Endpoint, EndpointState
from exchange.models.message import Message, MessageKind, MessageState

__all__ = [
    "Agreement",
    "AgreementState",
    "Endpoint",
    "EndpointState",
    "Message",
    "MessageKind",
    "MessageState",
]
