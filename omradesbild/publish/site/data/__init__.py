"""The edition's data files: the same statements as on its pages, for spreadsheets, map programs and machines."""
