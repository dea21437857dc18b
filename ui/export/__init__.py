"""An answer to take away: as a note for the file, as Markdown, and its sources for catalogues."""
