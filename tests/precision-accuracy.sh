#!/usr/bin/env bash
# Fine-tunes the embedded backbone on 2,000 real reviews by its own recipe, with several seeds, in float32 with random batches and in
# bfloat16 with batches of like length, and prints the accuracies on the 4,000 validation rows with mean and deviation.
# Usage: [SEEDS=5] [ROWS=2000] [VALIDATION_ROWS=5000] tests/precision-accuracy.sh   (needs ../shared)
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/SentimentML.Tests -- --explicit only --filter-method '*.Accuracy_by_precision_and_batches'
