"""Trackers: what the headers, cells and rows of a sheet say."""
