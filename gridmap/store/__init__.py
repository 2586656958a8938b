"""The only SQL: functions take a connection and never commit."""
