"""Charts as SVG text for paper, for the public edition and for files: what is said in, a picture out.

A chart per file. All are drawn on a `sheet.Sheet` in the colours of `style`; docs/charts.md shows them.
"""
