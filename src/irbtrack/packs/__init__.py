"""Board packs: the report for a board as data, and as documents that people read."""
