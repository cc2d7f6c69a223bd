"""Questions asked of a register, each with its answer."""
