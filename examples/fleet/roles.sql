-- Users of a shared history. `orchestrator history init` makes the two groups; run this after it, as the
-- owner of the database, with passwords of your own.

-- Machines that run projects: they add rows and bring sums forward, and can change or delete nothing.
CREATE ROLE ci LOGIN PASSWORD 'change-me' IN ROLE orchestrator_writer;

-- People and screens that only look.
CREATE ROLE viewer LOGIN PASSWORD 'change-me' IN ROLE orchestrator_reader;

-- Deadlines that no client can forget.
ALTER ROLE ci SET statement_timeout = '60s';
ALTER ROLE ci SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE viewer SET statement_timeout = '60s';
ALTER ROLE viewer SET idle_in_transaction_session_timeout = '30s';
