#!/usr/bin/env bash
# Measures training at roberta-base's size: float32 and bfloat16, random batches and batches of like length, interleaved.
# Usage: [ROUNDS=2] [BATCHES=4] tests/training-speed.sh   (a few minutes; needs ../shared)
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/SentimentML.Tests -- --explicit only --filter-method '*.Rows_a_second_by_precision_and_batches'
