"""Keep the register in a database."""
