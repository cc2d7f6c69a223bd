"""Spreadsheets in and out: files to cells, and cells to files, without their meaning."""
