"""Letters: their fonts and widths, where lines break, and what fits on paper."""
