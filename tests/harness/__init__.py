"""What tests stand on: a throw-away database, a browser, a clock, and a count of clauses."""
