"""The page „Unterlagen“, for editors: reading in, correcting, removing."""
