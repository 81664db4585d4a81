"""The history of the schema. After changing a table, add a revision here and move `HEAD` in `migrate.py`;
a test compares the tables that the revisions make with those the program expects and prints what is missing.
"""
