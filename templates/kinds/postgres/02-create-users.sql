-- Creates the login that owns the database, or sets its password again. Safe to repeat.
-- psql variables: database, owner; environment: OWNER_PASSWORD

\set owner_password `printf %s "$OWNER_PASSWORD"`

SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner' AND rolsuper) AS owner_is_superuser \gset periplus_
\if :periplus_owner_is_superuser
  DO $$ BEGIN RAISE EXCEPTION 'a superuser cannot be the owner of a database here: it would be given another password'; END $$;
\endif

SELECT format('CREATE ROLE %I LOGIN', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec

-- The server would write the statement into its log, in full where it fails.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
RESET log_min_error_statement;
RESET log_min_duration_statement;
RESET log_statement;

ALTER DATABASE :"database" OWNER TO :"owner";

\connect :database
SELECT format('ALTER SCHEMA public OWNER TO %I', :'owner')
WHERE EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public') \gexec

-- What the services will do: this job succeeds only if they can.
\setenv PGPASSWORD :owner_password
\connect :database :owner
