from retention.models.erasure import Erasure, ErasureState, Ground

__all__ = ["Erasure", "ErasureState", "Ground"]
