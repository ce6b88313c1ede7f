"""From a file of hotline orders to rows that can be submitted. No database; streaming, so size does not matter.

records.py   bytes → records: gzip, xlsx, encodings, delimiters, quoting
columns.py   which column is which field: aliases and `--map`
moments.py   the ways in which people write a time
rows.py      records → Row | BadRow
"""
