"""A question as typed -> the query that is searched: mended, completed, understood."""
