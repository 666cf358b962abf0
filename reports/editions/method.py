"""How the numbers come about and what they cannot say; the same in every edition."""

from django.utils.translation import gettext as _


def method() -> tuple[str, ...]:
    """The rules of counting, one sentence or two each."""
    return (
        _(
            "Displaced: people in the register who left a home in the region and of whom no return and no death is known. Each "
            "person counts once, by the latest known movement; a household without names counts with the people in it."
        ),
        _(
            "Every number is as of the cut-off and as known when the report was made. What becomes known later changes earlier "
            "days; such changes are listed as revisions, and the number of the earlier report can be recomputed."
        ),
        _(
            "Claims are quoted with source, date and the words used. They are never added to counts, nor claims of different "
            "sources to each other; who only repeats another's word is not counted as a second source."
        ),
        _(
            "In shelters: by name (stays) and by headcount of site managers in the last 36 hours, side by side and never "
            "added. The shelter table covers the region and regions elsewhere in whose shelters its displaced people sleep."
        ),
        _(
            "Free places: open less blocked less people who sleep there by name, per shelter. Protected places exclude rooms "
            "behind two walls, which are a last resort."
        ),
        _(
            "Casualties are civilians. Verified: who, what, when and where were each corroborated by two independent "
            "sources, and somebody other than the recorder verified it. Victims whose civilian status is not known are "
            "counted as being corroborated only. Combatants are not counted."
        ),
        _(
            "Unexplained: people to be evacuated less those who left less those who remain, where sources of one type "
            "said all three as values."
        ),
        _("Not reported is not zero: a blank says that nobody told us."),
    )
