#!/usr/bin/env bash
# What a shard costs beside one process, and what docs/scale.md computes with: two tasks of one thread each against one process of two threads
# (by the clock and in processor time, for each round), the start of a task, and how fast plan reads and merge verifies and writes (the best
# round). Beside other work on the machine the clock's ratio says little, and the processor time's more.
# Usage: [ROWS=16384] [READ_ROWS=200000] [ROUNDS=3] [MODEL=small] [PRECISION=int8] tests/shard-costs.sh
set -euo pipefail
cd "$(dirname "$0")/.."
rows="${ROWS:-16384}" read_rows="${READ_ROWS:-200000}" rounds="${ROUNDS:-3}" model="${MODEL:-small}" precision="${PRECISION:-int8}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 LC_ALL=C
dotnet build -c Release -v q src/SentimentML.Tool >&2
tool="$(dirname "$(find "$PWD/src/SentimentML.Tool/bin/Release" -name SentimentML.Tool.dll | head -n 1)")/SentimentML.Tool.dll"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The texts of samples/data, over and over, each row with its own id.
grep -oE '"body": "([^"\\]|\\.)*"' samples/data/train.jsonl | sed 's/^"body"/"text"/' > "$work/texts"
input() { awk -v rows="$1" '{ line[NR] = $0 } END { for (i = 0; i < rows; i++) print "{\"id\": " i ", " line[i % NR + 1] "}" }' "$work/texts"; }
input "$rows" > "$work/reviews.jsonl"
input "$read_rows" > "$work/many.jsonl"
input 1 > "$work/one-row.jsonl"
tiny=tests/SentimentML.Tests/golden/tiny_classifier # its answers are of no use, and as long as others

# Seconds by the clock and of the processor, as "clock processor", of a command.
measured() {
  local TIMEFORMAT='%R %U %S'
  { time "$@" >/dev/null 2>"$work/error.log"; } 2>&1 | awk '{ print $1, $2 + $3 }'
}
plan() { dotnet "$tool" score plan --model "$1" --precision "$precision" --input "$work/$2.jsonl" --shards "$3" --output "$work/$4"; }
run() { OMP_NUM_THREADS="$1" dotnet "$tool" score run --manifest "$work/$2" --index "$3"; }
both() { run 1 two 0 & local first=$!; run 1 two 1; wait "$first"; }
merge() { dotnet "$tool" score merge --manifest "$work/$1" --output "$work/$1.jsonl"; }
least() { awk -v column="$1" 'NR == 1 || $column < least { least = $column } END { printf "%.3f", least }' "$work/$2.times"; }

plan "$tiny" many 8 read >/dev/null 2>&1
for (( shard = 0; shard < 8; shard++ )); do
  run "$(nproc)" read "$shard" >/dev/null 2>&1
done
for (( round = 0; round < rounds; round++ )); do
  rm -rf "$work"/{one,two,start,again,again-one}
  plan "$model" reviews 1 one >/dev/null 2>&1
  plan "$model" reviews 2 two >/dev/null 2>&1
  plan "$model" one-row 1 start >/dev/null 2>&1
  measured run 2 one 0 >> "$work/one.times"
  measured both >> "$work/two.times"
  measured run 1 start 0 >> "$work/start.times"
  measured plan "$tiny" many 8 again >> "$work/plan.times"
  measured plan "$tiny" one-row 1 again-one >> "$work/plan-one.times"
  measured merge read >> "$work/merge.times"
  measured merge start >> "$work/merge-one.times"
  merge one >/dev/null
  merge two >/dev/null
  cmp "$work/one.jsonl" "$work/two.jsonl"
done

echo "$(date -u +%F), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg) at the end; model $model, $precision; $rows rows; the best of $rounds rounds"
awk -v rows="$rows" -v in_bytes="$(stat -c %s "$work/many.jsonl")" -v out_bytes="$(stat -c %s "$work/read.jsonl")" -v read_rows="$read_rows" \
  -v one="$(least 1 one)" -v one_cpu="$(least 2 one)" -v two="$(least 1 two)" -v two_cpu="$(least 2 two)" -v start="$(least 1 start)" -v start_cpu="$(least 2 start)" \
  -v plan="$(least 1 plan)" -v plan_cpu="$(least 2 plan)" -v plan_one="$(least 1 plan-one)" -v plan_one_cpu="$(least 2 plan-one)" \
  -v merge="$(least 1 merge)" -v merge_cpu="$(least 2 merge)" -v merge_one="$(least 1 merge-one)" -v merge_one_cpu="$(least 2 merge-one)" 'BEGIN {
  printf "| | seconds by the clock | processor seconds | |\n| --- | --- | --- | --- |\n"
  printf "| one process of two threads | %.1f | %.1f | %.1f rows a processor second |\n", one, one_cpu, rows / one_cpu
  printf "| two tasks of one thread each | %.1f | %.1f | %.1f rows a processor second |\n", two, two_cpu, rows / two_cpu
  printf "| a task with one row | %.2f | %.2f | |\n", start, start_cpu
  printf "| plan, %d rows of %.0f bytes | %.2f | %.2f | %.0f MB a second by the clock, %.0f a processor second |\n", read_rows, in_bytes / read_rows, plan, plan_cpu, in_bytes / 1e6 / (plan - plan_one), in_bytes / 1e6 / (plan_cpu - plan_one_cpu)
  printf "| merge, %d rows of %.0f bytes | %.2f | %.2f | %.0f MB a second by the clock, %.0f a processor second |\n\n", read_rows, out_bytes / read_rows, merge, merge_cpu, out_bytes / 1e6 / (merge - merge_one), out_bytes / 1e6 / (merge_cpu - merge_one_cpu)
  printf "rows a processor second without the starts: %.1f\n", rows / (two_cpu - 2 * start_cpu)
}'
# Both kinds of one round lie beside each other in time.
paste -d' ' "$work/one.times" "$work/two.times" |
  awk '{ printf "two tasks against one process, round %d: %.3f by the clock, %.3f in processor time\n", NR, $1 / $3, $2 / $4 }'
