"""The worker: messages and jobs from one lease table, and the schedules that find what time has brought about."""
