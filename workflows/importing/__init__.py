"""Import of the spreadsheet people come from: what is to be done by whom and when, and findings that are still open.

A file is read, its columns are guessed and confirmed by a person, every row is checked, and then all rows are taken or
none. It reads in the order of every room: rules (`guessing`, `values`, `checking`), then `commands`, then `questions`.
"""
