-- Rendered from the topology by `datalab deploy render`; change the topology, not this file.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS gateway;
CREATE SCHEMA IF NOT EXISTS data;
CREATE SCHEMA IF NOT EXISTS ai;
CREATE SCHEMA IF NOT EXISTS compute;
CREATE SCHEMA IF NOT EXISTS viz;
