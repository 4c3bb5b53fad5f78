#!/usr/bin/env bash
# rustc with counters that stand in a file (scripts/fuzz.sh); cargo hands it the compiler and its arguments.
exec "$@" -C instrument-coverage -C llvm-args=-runtime-counter-relocation
