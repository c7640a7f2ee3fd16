"""Importing spreadsheets: reading, recognising, checking, reconciling, staging, and what comes back to the sender."""
