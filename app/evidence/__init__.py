"""The evidence package of a case: gathered from the database and the content store into one archive that needs neither."""
