"""The report as a workbook, for people who work on with the numbers."""
