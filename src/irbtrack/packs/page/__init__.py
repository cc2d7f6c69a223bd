"""A board pack as a web page."""
