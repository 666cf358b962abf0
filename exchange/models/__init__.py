from exchange.models.endpoint import Endpoint, EndpointState
from exchange.models.message import Message, MessageKind, MessageState

__all__ = ["Endpoint", "EndpointState", "Message", "MessageKind", "MessageState"]
