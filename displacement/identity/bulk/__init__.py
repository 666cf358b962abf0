"""Who is who among many: the same levels and weights as at the door, run by Splink over all pairs that share a key."""

from displacement.identity.bulk.pairs import against_register, pairs

__all__ = ["against_register", "pairs"]
