#!/usr/bin/env bash
# What a saved model of roberta-base's size takes in memory when it is loaded, and how fast ML.NET's face and the classifier
# answer with it. Each figure is taken in a process of its own. Usage: tests/loaded-model.sh (after dotnet build -c Release)
set -euo pipefail
cd "$(dirname "$0")/.."
SENTIMENTML_MEASURED_ZIP="$(mktemp -d)/model.zip"
export SENTIMENTML_MEASURED_ZIP
trap 'rm -rf "$(dirname "$SENTIMENTML_MEASURED_ZIP")"' EXIT
run() {
  local output
  output="$(dotnet run --no-build -c "${CONFIGURATION:-Release}" --project tests/SentimentML.Tests -- --explicit only --show-live-output on --filter-method "*LoadedModelMeasurement.$1" 2>&1)" ||
    { printf '%s\n' "$output" >&2; exit 1; }
  grep -E ': weights|128 reviews: ' <<<"$output" || true # the method that writes the model prints no figure
}
run Writes_the_model
run Memory_through_ML_NET
run Memory_through_the_classifier
run Speed_of_both_faces
