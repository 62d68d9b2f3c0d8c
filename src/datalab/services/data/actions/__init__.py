"""The use cases, one verb a file, bound to one caller by ``api``. Refuses to know HTTP, SQL dialects or engines."""
