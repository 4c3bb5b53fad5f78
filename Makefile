# Thin on purpose: each goal calls one script or cargo. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup ui run terminal test bench fmt fuzz

help: ## List the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Look for what is needed, install missing system packages (quick when all is there)
	@scripts/setup.sh build

ui: setup ## Build the window's pages
	@scripts/ui.sh

run: ## Open the desk in training mode (without a display: play a sale in the real window, leave pictures in out/)
	@scripts/setup.sh run
	@scripts/run.sh

terminal: setup ## Play sales in the terminal against the practice gateways
	@scripts/terminal.sh

test: ## Every check and test there is
	@scripts/setup.sh test
	@scripts/test.sh

fuzz: setup ## Feed odd bytes to everything that reads any (MINUTES=, TARGET=, SEED=)
	@scripts/fuzz.sh

bench: setup ## Own overhead of a card payment
	@scripts/bench.sh

fmt: ## Format the Rust code
	cargo fmt --all
