from exchange.models.agreement import Agreement
from exchange.models.endpoint import Endpoint, EndpointState
from exchange.models.message import Message, MessageKind, MessageState

__all__ = ["Agreement", "Endpoint", "EndpointState", "Message", "MessageKind", "MessageState"]
