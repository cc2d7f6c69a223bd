"""The rules: standard library and dateutil only; no clock, no files, no printing."""
