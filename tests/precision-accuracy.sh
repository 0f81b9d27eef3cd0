#!/usr/bin/env bash
# Fine-tunes the embedded backbone on 2,000 real reviews by its own recipe, with several seeds, in float32 and in bfloat16, with random
# batches and with batches of like length, and prints the best epoch's accuracy on the validation rows with mean and deviation.
# Each run is a line in RESULTS (standard: precision-accuracy.jsonl in the current folder); started again, it resumes from there.
# Usage: [SEEDS=5] [ROWS=2000] [VALIDATION_ROWS=5000] tests/precision-accuracy.sh [TRAIN VALIDATION [RESULTS]]
# Without files the corpus in ../shared is taken: its test file to learn from, its dev file to measure on.
set -euo pipefail
[[ $# == 0 || $# == 2 || $# == 3 ]] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
TRAIN="${1:+$(realpath "$1")}" VALIDATION="${2:+$(realpath "$2")}" RESULTS="$(realpath "${3:-precision-accuracy.jsonl}")"
export TRAIN VALIDATION RESULTS
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/SentimentML.Tests -- --explicit only --filter-method '*.Accuracy_by_precision_and_batches' --show-live-output on
