"""The edges: settings, command line, web page, rendering."""
