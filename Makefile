# Thin on purpose: each goal calls one script or cargo. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test bench fmt

help: ## List the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Look for what is needed, install missing system packages (quick when all is there)
	@scripts/setup.sh

run: setup ## Play sales in the terminal against the practice gateways
	@scripts/run.sh

test: setup ## Every check and test there is
	@scripts/test.sh

bench: setup ## Own overhead of a card payment
	@scripts/bench.sh

fmt: ## Format the Rust code
	cargo fmt --all
