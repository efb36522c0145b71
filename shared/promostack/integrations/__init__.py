"""One file per outside service: it implements a domain's port and translates the service's errors."""
