"""Tables that people bring: spreadsheets and CSV files read safely, as rows of text. It knows no business word."""
