"""Batches: one interface, a table with one row for each run, a folder with what came out."""
