"""Walks over everything that the project answers: every route, every ModelAdmin, every table."""
