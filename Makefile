# The four commands of the house; each sets up what it needs in .venv.
.PHONY: run test proofs check

run:
	@scripts/dev

test:
	@scripts/test

proofs:
	@scripts/proofs

check:
	@scripts/check
