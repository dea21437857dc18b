"""Parts of reading web pages and Word files: notes, tables, headings, what nobody sees."""
