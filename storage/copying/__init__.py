"""Whole databases and stores: taken into a folder, put back from it, and moved from SQLite to PostgreSQL."""
