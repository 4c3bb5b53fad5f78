# Thin on purpose: each goal calls one script or cargo. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup ui run terminal test torture planted fuzz mutants leaks bench fmt

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

torture: ## Schedules with faults by the million, kills, power cuts; each goes on where it ended (MINUTES=, ONLY=, SEED=, SCHEDULE=)
	@scripts/setup.sh test
	@scripts/torture.sh

planted: ## Plant defects in a copy, and see that a test catches each
	@scripts/planted.sh

mutants: ## Change the rules of money in one place at a time: does a test notice? (FILES=, MINUTES=, SHARD=k/n, OLDER=1, SURVIVORS=1)
	@scripts/setup.sh mutants
	@scripts/mutants.sh

fuzz: setup ## Feed odd bytes to everything that reads any (MINUTES=, TARGET=, SEED=)
	@scripts/fuzz.sh

leaks: ## A sale of every kind in the real desk, then every byte of memory and disk is read
	@scripts/leaks.sh

bench: setup ## Overhead of a card payment; search in a million payments, and their export (ONLY=, SALES=, PAYMENTS=, QUESTIONS=, KEEP=, WRITTEN=)
	@scripts/bench.sh

fmt: ## Format the Rust code
	cargo fmt --all
