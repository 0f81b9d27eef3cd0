#!/usr/bin/env bash
# What a process holds after 400 cycles of loading a model, answering and disposing it, beside what it holds after 40: a folder and
# a zip through the classifier, a zip through ml.Model.Load, and small trainings. A model of the embedded backbone's size; each
# kind in a process of its own. Fails if 400 cycles hold more than 5 % above 40, or 60 MB above the first.
# Usage: tests/memory-loop.sh [cycles] (after dotnet build -c Release)
set -euo pipefail
cd "$(dirname "$0")/.."
SENTIMENTML_LOOP_MODEL="$(mktemp -d)"
SENTIMENTML_LOOP_CYCLES="${1:-400}"
export SENTIMENTML_LOOP_MODEL SENTIMENTML_LOOP_CYCLES SENTIMENTML_LOOP_KIND=''
trap 'rm -rf "$SENTIMENTML_LOOP_MODEL"' EXIT
run() {
  local output
  output="$(dotnet run --no-build -c "${CONFIGURATION:-Release}" --project tests/SentimentML.Tests -- --explicit only --show-live-output on --filter-method "*MemoryLoopTests.$1" 2>&1)" ||
    { printf '%s\n' "$output" >&2; exit 1; }
  grep -E ': resident ' <<<"$output" | sort -u || true # the method that writes the model prints no figure
}
run Writes_the_model
for SENTIMENTML_LOOP_KIND in 'classifier of a folder' 'classifier of a zip' 'ml.Model.Load' 'training'; do
  run Cycles
done
