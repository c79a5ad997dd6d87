-- What the site may do in its database, where the tables belong to another role.
--
-- "undersigned_owner" owns the tables and migrates; "undersigned" serves the site and the
-- worker. The site can then add to the record of what staff did (campaigns_event) and
-- never change it: the server refuses, whatever the code says.
--
-- As the owner, after each `manage.py migrate` and `restore`, any number of times:
--
--   psql --single-transaction --set ON_ERROR_STOP=1 --file docs/grants.sql DATABASE
--
-- docs/operations.md says how to make the two roles.

GRANT USAGE ON SCHEMA public TO undersigned;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, undersigned;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO undersigned;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO undersigned;

-- What happened stays as it was written down.
REVOKE UPDATE, DELETE, TRUNCATE ON campaigns_event FROM PUBLIC, undersigned;
-- Which migrations were applied is for who applies them.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM PUBLIC, undersigned;

-- The site goes on running while the next migration makes tables, until this file is run
-- again.
ALTER DEFAULT PRIVILEGES FOR ROLE undersigned_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO undersigned;
ALTER DEFAULT PRIVILEGES FOR ROLE undersigned_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO undersigned;
