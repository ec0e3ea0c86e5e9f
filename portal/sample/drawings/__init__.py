"""Exploded drawings of the sample maker's parts book, drawn by code."""
