"""Files of rows that people bring (xlsx, csv, csv.gz): read whatever their bytes are; the list of what is refused."""
