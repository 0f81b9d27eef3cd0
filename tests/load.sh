#!/usr/bin/env bash
# A server under load: 256 clients with texts of mixed lengths, half load, 4 x overload, and its memory, beside predict on the same
# texts; then a termination under load and 2,000 malformed requests. Wrong or lost answers fail. Usage, after dotnet build -c Release:
#   tests/load.sh [model]      (default: the mini backbone with a head trained on 64 rows)
# SENTIMENTML_LOAD_SECONDS (60) and SENTIMENTML_LOAD_CLIENTS (256) make it shorter or smaller, CONFIGURATION chooses another build.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration="${CONFIGURATION:-Release}"
folder="$(mktemp -d)"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
tool() { find src/SentimentML.Tool/bin/"$configuration" -name SentimentML.Tool.dll | head -n 1; }
model="${1:-}"
if [ -z "$model" ]; then
  model="$folder/model"
  dotnet "$(tool)" train --train samples/data/train.jsonl --backbone mini --max-rows 64 --epochs 1 --output "$model" >"$folder/train" 2>&1 || { cat "$folder/train" >&2; exit 1; }
fi
run() {
  local project="$1" status=0
  shift
  dotnet run --no-build -c "$configuration" --project "tests/$project" -- --show-live-output on "$@" >"$folder/output" 2>&1 || status=$?
  grep -oE 'load: .*' "$folder/output" || true
  [ "$status" = 0 ] || { cat "$folder/output" >&2; exit 1; }
}
dotnet "$(tool)" serve --model "$model" --port 0 --device cpu >"$folder/address" &
server=$!
for _ in $(seq 600); do
  [ -s "$folder/address" ] && break
  kill -0 "$server"
  sleep 0.1
done
SENTIMENTML_LOAD_ADDRESS="$(head -n 1 "$folder/address")" SENTIMENTML_LOAD_MODEL="$model" SENTIMENTML_LOAD_PROCESS="$server" \
  run SentimentML.AspNetCore.Tests --explicit only --filter-method '*LoadMeasurement.Under_load'
kill "$server"
wait "$server" # which ends with 0 when everything accepted was answered
server=
run SentimentML.Tool.Tests --filter-method '*ServeTests.Under_load*'
run SentimentML.AspNetCore.Tests --filter-class '*MalformedRequestTests'
echo "load: terminated under load and 2,000 malformed requests: nothing lost"
