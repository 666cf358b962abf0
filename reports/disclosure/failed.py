"""Why a report does not leave. Apart from the attack, so that who only tells of it need not load what attacks."""

from django.utils.translation import gettext as _


class DisclosureFailed(Exception):
    """Nothing may leave. `codes` say why, without any number or place: columns that would be given away, or what failed."""

    def __init__(self, *codes: str) -> None:
        """The sentence says what to do; it holds codes only."""
        self.codes = codes
        super().__init__(
            _(
                "This report was not released, because numbers that it hides could be worked out from what is published or "
                "because the check of that failed (%(codes)s). Nothing was sent. Tell whoever runs this service."
            )
            % {"codes": ", ".join(codes)}
        )
