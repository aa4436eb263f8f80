-- Users of a shared history. `orchestrator history init` makes the two groups; run this once after it, as
-- who may make roles, with passwords of your own:
--   psql -v ON_ERROR_STOP=1 -v ci="$CI_PASSWORD" -v viewer="$VIEWER_PASSWORD" -f roles.sql orchestrator

-- Machines that run projects: they add rows, show their runs and bring sums forward. They can change or
-- delete nothing of it.
CREATE ROLE ci LOGIN PASSWORD :'ci' IN ROLE orchestrator_writer;

-- People and screens that only look.
CREATE ROLE viewer LOGIN PASSWORD :'viewer' IN ROLE orchestrator_reader;

-- Deadlines that no client can forget.
ALTER ROLE ci SET statement_timeout = '60s';
ALTER ROLE ci SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE viewer SET statement_timeout = '60s';
ALTER ROLE viewer SET idle_in_transaction_session_timeout = '30s';
