"""Disclosure control: hide small counts so that nothing published gives them back, and attack the result before it leaves."""
