"""Use cases. Each takes the work in hand (session, actor, now and the tools) and never commits: one unit of work does."""
