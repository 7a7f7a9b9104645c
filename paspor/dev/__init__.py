"""The servers that a laptop, a test run or a demo needs: PostgreSQL, Valkey and a mail sink.

Production uses nothing of this package; there DATABASE_URL and REDIS_URL name real servers.
"""
