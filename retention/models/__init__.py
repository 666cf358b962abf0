from retention.models.erasure import Answer, Erasure, ErasureState, Ground
from retention.models.hold import Authority, Hold

__all__ = ["Answer", "Authority", "Erasure", "ErasureState", "Ground", "Hold"]
