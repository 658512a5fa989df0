"""How the tables came to be what they are, step by step; `storage/engine/migrating.py` takes the steps."""
