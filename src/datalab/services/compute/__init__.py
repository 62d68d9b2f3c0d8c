"""Jobs: work that outlives a request, its order, its attempts, its end.

Owns the job table, which is the truth about every job, the executor that workers run, and the kind ``python``. Refuses to
know how any other service's work is done: their handlers are handed to the executor by whoever puts it together.
"""
