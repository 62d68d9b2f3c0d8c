"""The service's technologies, one a file: the database's tables, the pool's rendering process, the folder of images."""
