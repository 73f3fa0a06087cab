-- Applies /periplus-seed.sql once a database, as its owner, all of it or nothing. Safe to repeat.
-- The job has connected as the owner, after the migrations.

SELECT pg_advisory_lock(7305732) AS lock \gset periplus_
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE TABLE IF NOT EXISTS public.periplus_applied (
  name text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
RESET client_min_messages;
SELECT NOT EXISTS (SELECT FROM public.periplus_applied WHERE name = 'seed') AS wanted \gset periplus_
\if :periplus_wanted
  \i /periplus-seed.sql
  \set ON_ERROR_STOP 1
  INSERT INTO public.periplus_applied (name) VALUES ('seed');
\endif
COMMIT;
