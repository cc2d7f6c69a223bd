"""Spreadsheets in and out: files to cells, and cells to files; what they mean is for others."""
