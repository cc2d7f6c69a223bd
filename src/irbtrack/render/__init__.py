"""Answers put out: to the terminal, as Markdown, JSON and CSV."""
