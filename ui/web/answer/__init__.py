"""An answer as HTML: sentences, sources, the page they stand on; on the page and by itself."""
