"""Findings, plans and summaries as text, JSON and Markdown."""
