"""Declare the options that commands share, and ask for values at a terminal."""
