"""A board pack as a Word document."""
