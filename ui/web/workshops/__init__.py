"""The page „Werkstätten“: the series and its themes."""
