"""A board pack as PDF."""
