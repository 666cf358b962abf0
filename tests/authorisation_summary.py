"""Tells at the end of a run how many cases of access were tried, and how many came out otherwise than the policy says."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line, where there were any."""
    counts = {"authorisation cases": 0, "authorisation unexpected": 0}
    for reports in terminalreporter.stats.values():
        for report in reports:
            # They are counted when the test is over; earlier phases do not have them yet.
            told = report.user_properties if getattr(report, "when", "") == "teardown" else ()
            for name, number in told:
                if name in counts:
                    counts[name] += number
    if counts["authorisation cases"]:
        terminalreporter.write_line(
            f"authorisation: {counts['authorisation cases']} cases, {counts['authorisation unexpected']} unexpected"
        )
