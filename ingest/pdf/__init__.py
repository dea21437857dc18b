"""From the glyphs of a page to blocks in reading order. Pure, but for glyphs and rules."""
