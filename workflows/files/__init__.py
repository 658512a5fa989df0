"""Files: the data that rules go by, and what is inside spreadsheets that people bring."""
