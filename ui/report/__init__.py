"""What reading in did, as text and as a page."""
