#!/usr/bin/env bash
# Measures the memory of a training step at roberta-base's size, a row, with layers kept and computed again (--gradient-checkpointing).
# Usage: [TOKENS="128 512"] [PRECISIONS="fp32 bf16"] tests/training-memory.sh   (a few minutes; up to 10 GB)
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release -v q tests/SentimentML.Tests >/dev/null
for precision in ${PRECISIONS:-fp32 bf16}; do
  for tokens in ${TOKENS:-128 512}; do
    for checkpointing in off on; do
      PRECISION="$precision" TOKENS="$tokens" CHECKPOINTING="$checkpointing" dotnet run --no-build -c Release --project tests/SentimentML.Tests -- \
        --explicit only --filter-method '*MemoryMeasurement.Memory_of_a_step' --show-live-output on | grep -oE 'memory: .*'
    done
  done
done
