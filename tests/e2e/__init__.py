"""The whole program as it runs: real server, real worker, real database, real browser, real kills."""
