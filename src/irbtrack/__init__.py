"""irbtrack: what became of the audit actions and the directions, for any date."""
