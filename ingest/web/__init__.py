"""Fetching a document from the web: addresses, connection, content, landing pages."""
