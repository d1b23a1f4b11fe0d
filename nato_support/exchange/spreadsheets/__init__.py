"""The working copy as spreadsheets: what a list shows goes out, and what was changed in it comes back, row by row.

`columns` says what stands in which sheet, `out` writes, `reading` reads a file into rows of text, `plan` says what each row
would do, `waiting` keeps an upload until its editor has seen that, `writing` does it. See docs/decisions/spreadsheets.md.
"""
