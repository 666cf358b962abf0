"""Keys that two records of one human being are likely to share: made when a person is written, looked up in one scan."""

from hashlib import blake2b

from displacement.identity.identity import Features, Identity, features_of


def keys_of(identity: Identity, features: Features | None = None) -> list[int]:
    """Signed 64-bit keys, sorted and unique; the same on every machine and version. Whoever shares one is a candidate.

    Given and family name are one unordered pair, so that swapped names meet. `features`, where the caller has them, are
    those of the identity.
    """
    of = features or features_of(identity)
    family, given = of.family_loose, of.given_loose
    found = []
    if family and given:
        found.append("n" + "|".join(sorted((family, given))))
    if of.year and of.is_year_exact:
        if family:
            found.append(f"y{family}{of.year}")
        if given and len(of.patronymic) > 1:
            found.append(f"g{given}|{of.patronymic}{of.year}")
        if of.month_day:
            found.append(f"b{of.year}-{of.month_day}")
    if of.phone:
        found.append("p" + of.phone)
    return sorted({_hashed(text) for text in found})


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
