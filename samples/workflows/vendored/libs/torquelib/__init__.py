"""A library that the author brings as sources."""
