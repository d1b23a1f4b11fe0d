"""Spreadsheets: the working copy exported from a list, and imported again row by row.

`sheets_and_columns` defines the sheets, `file_writer` writes and `file_reader` reads files, `import_planning` plans the effect
of each row, `pending_uploads` keeps an upload until its editor has checked that, `import_execution` carries it out. See
docs/decisions/spreadsheets.md.
"""
