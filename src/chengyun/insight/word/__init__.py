"""Word templates that an office changes for itself, for whatever module writes papers.

`versions` keeps them, `sandbox` says what may stand in them, `filling` fills them, `pages` shows and takes them.
`libreoffice` makes PDF of what was filled.
"""
