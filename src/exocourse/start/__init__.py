"""Module 0: how the course works."""
