"""The history of the tables, one revision a file; `hall.log.migrate` brings a database up along it."""
