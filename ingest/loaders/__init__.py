"""One module per format: path -> LoadedFile."""
