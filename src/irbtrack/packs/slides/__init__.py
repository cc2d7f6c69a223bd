"""A board pack as PowerPoint slides."""
