"""Everything about the database."""
