"""The commands: each gathers records, asks the rules, and writes or shows."""
