-- name: schema_version
-- scope: global, because the schema is everybody's.
SELECT max(number)
FROM schema_migrations
