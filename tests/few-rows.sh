#!/usr/bin/env bash
# Measures on the real task what each labelled row gains: SpanishSmall from its ready model and from the plain backbone, SpanishMini and
# n-grams, three draws each. Each run is a line in RESULTS (standard: few-rows.jsonl in the current folder); started again, it resumes.
# Usage: [FILES="test:dev dev:test"] [ROWS="0 16 64 256 1000 2000"] [KINDS="ready plain mini n-grams"] [DRAWS=3] [RECIPE="Epochs=3 LearningRate=3e-4"]
#   tests/few-rows.sh [RESULTS]
# The corpus is that in ../shared; FILES names what is learned from and what is measured on.
set -euo pipefail
RESULTS="$(realpath "${1:-few-rows.jsonl}")"
export RESULTS
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/SentimentML.Tests -- --explicit only --filter-method '*.Accuracy_by_rows' --show-live-output on
