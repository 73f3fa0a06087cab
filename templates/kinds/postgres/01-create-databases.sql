-- Creates the database of one job and closes it to everybody but its owner. Safe to repeat.
-- psql variables: database

-- One job at a time in the whole server (all of them are connected to the database "postgres" here):
-- two jobs may share an owner. Held until 02-create-users.sql connects elsewhere.
SELECT pg_advisory_lock(7305731) AS lock \gset periplus_

SELECT format('CREATE DATABASE %I', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
