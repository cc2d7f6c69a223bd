"""A board pack as an Excel workbook."""
