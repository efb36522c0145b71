-- Templates that the platform gives to all tenants: what of each it gave last. NULL: the tenant's own.
ALTER TABLE templates ADD COLUMN given_sha256 text;
