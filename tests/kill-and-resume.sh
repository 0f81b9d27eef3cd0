#!/usr/bin/env bash
# Kills a training process with SIGKILL at random moments, starts it again each time, and compares the weights at the end
# with those of a run that was never stopped. Usage: [KILLS=100] tests/kill-and-resume.sh   (five minutes on a quiet machine, thirteen on a busy one)
set -euo pipefail
cd "$(dirname "$0")/.."
export KILLS="${KILLS:-100}"
exec dotnet run --project tests/SentimentML.Tests -- --filter-class '*.KillTests' --show-live-output on
