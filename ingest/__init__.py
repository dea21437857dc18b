"""Files become blocks, sections, passages, and a new generation."""
