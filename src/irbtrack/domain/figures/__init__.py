"""Figures: pure functions of records and days."""
