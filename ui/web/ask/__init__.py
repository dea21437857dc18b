"""The page „Fragen“: asking, what the search is limited to, conversations."""
