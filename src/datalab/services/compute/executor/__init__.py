"""Runs jobs: claims them from the job table, gives each attempt its caller and scratch folder, and tells its end.

Owns attempts in this process. Refuses to know any kind's work, and to be the truth about a job: the table is.
"""
