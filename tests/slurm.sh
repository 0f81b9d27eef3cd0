#!/usr/bin/env bash
# Scores a file in 20 shards under a real Slurm: an array of tasks on two node daemons of this machine. A third of the tasks are killed with
# SIGKILL and requeued, and one node daemon is stopped while its tasks run; the merged result equals what one process writes, byte for byte.
# Debian with root: installs slurm-wlm, munge and parallel, runs its own munged, slurmctld and two slurmd with their files in a temporary
# folder, and ends them by their ids. Usage: [ROWS=20480] tests/slurm.sh | tee samples/cluster/slurm-run.txt
set -euo pipefail
cd "$(dirname "$0")/.."
rows="${ROWS:-20480}" shards=20
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 OMP_NUM_THREADS=1

for program in munged slurmctld slurmd parallel; do
  if ! command -v "$program" >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends slurm-wlm munge parallel >/dev/null
    break
  fi
done
dotnet build -c Release -v q src/SentimentML.Tool >&2
tool="$(dirname "$(find "$PWD/src/SentimentML.Tool/bin/Release" -name SentimentML.Tool.dll | head -n 1)")/SentimentML.Tool.dll"

work="$(mktemp -d)"
started=()
finish() {
  status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$work"/*.log "$work"/munge/log 2>/dev/null >&2 || true
  fi
  # Tasks outlive their node daemon. Their command lines, and no others, name the temporary folder.
  for pid in $(pgrep -f "$work/(spool|plan)" || true); do
    kill -KILL "$pid" 2>/dev/null || true
  done
  for (( i = ${#started[@]} - 1; i >= 0; i-- )); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
say() { echo "[$(( SECONDS ))s] $*"; }
say "Slurm $(slurmctld -V | cut -d' ' -f2), $rows rows, $shards shards, two nodes of one processor each on a machine with $(nproc --all)"

# munged refuses a key or a socket that others could have written.
chmod 755 "$work"
mkdir -p "$work"/{munge,state,spool-node1,spool-node2}
chmod 711 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 400 "$work/munge/key"
munged --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --log-file="$work/munge/log" --num-threads=2 2>>"$work/munge/log" &
started+=($!)

host="$(hostname -s)"
cat > "$work/slurm.conf" <<CONF
ClusterName=proof
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
# A requeued task waits until its old credential expires: 120 seconds, unless cred_expire says otherwise.
AuthInfo=socket=$work/munge/socket,cred_expire=10
CredType=cred/munge
SlurmUser=root
StateSaveLocation=$work/state
SlurmctldPidFile=$work/slurmctld.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdPidFile=$work/slurmd-%n.pid
SlurmdLogFile=$work/slurmd-%n.log
SlurmdSpoolDir=$work/spool-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=5,bf_interval=5
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmdTimeout=15
InactiveLimit=0
KillWait=5
JobRequeue=1
BatchStartTimeout=10
MinJobAge=10
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 Port=16818 CPUs=1 State=UNKNOWN
NodeName=node2 NodeHostname=$host NodeAddr=127.0.0.1 Port=16819 CPUs=1 State=UNKNOWN
PartitionName=work Nodes=node1,node2 Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
slurmctld -D -f "$SLURM_CONF" 2>/dev/null &
started+=($!)
node_daemon() { slurmd -D -f "$SLURM_CONF" -N "$1" 2>/dev/null & started+=($!); }
node_daemon node1
node_daemon node2
second=${started[-1]}
for (( i = 0; ; i++ )); do
  [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" != 2 ] || break
  (( i < 60 )) || { echo "The two nodes are not idle after 60 seconds." >&2; exit 1; }
  sleep 1
done
say "nodes: $(sinfo -h -o '%N %T' | paste -sd' ')"

# The titles of samples/data, over and over, each row with its own id: short rows, so that the proof takes minutes.
grep -oE '"title": "([^"\\]|\\.)*[[:alpha:]]([^"\\]|\\.)*"' samples/data/train.jsonl | sed 's/^"title"/"text"/' |
  awk -v rows="$rows" '{ line[NR] = $0 } END { for (i = 0; i < rows; i++) print "{\"id\": " i ", " line[i % NR + 1] "}" }' > "$work/reviews.jsonl"
dotnet "$tool" train --backbone mini --train samples/data/train.jsonl --epochs 1 --output "$work/model" >/dev/null 2>&1
dotnet "$tool" predict --model "$work/model" --input "$work/reviews.jsonl" --output "$work/one.jsonl" --precision fp32 2>/dev/null
say "one process: $(wc -l < "$work/one.jsonl") rows, sha256 $(sha256sum < "$work/one.jsonl" | cut -c1-16)"
dotnet "$tool" score plan --model "$work/model" --input "$work/reviews.jsonl" --shards "$shards" --output "$work/plan" --precision fp32 >/dev/null
count="$(grep -c '"ranges"' "$work/plan/manifest.json")"
say "plan: $count shards"

export MANIFEST="$work/plan/manifest.json" SENTIMENTML="dotnet $tool"
job="$(sbatch --parsable --array="0-$(( count - 1 ))" --output="$work/task-%a.log" --open-mode=append samples/cluster/slurm.sbatch)"
say "job $job: array 0-$(( count - 1 )), killed tasks are requeued in the same array"

# Every third task is killed once, with SIGKILL, while it computes; the node daemon of node2 is stopped meanwhile.
killed=0 stopped="" restarted=""
declare -A done_kill
while squeue -h -j "$job" 2>/dev/null | grep -q .; do
  while read -r task state node; do
    [ "$state" = RUNNING ] || continue
    if (( task % 3 == 1 )) && [ -z "${done_kill[$task]:-}" ]; then
      pid="$(pgrep -f "score run --manifest $MANIFEST --index $task\$" | head -n 1 || true)"
      [ -n "$pid" ] || continue
      done_kill[$task]=1
      kill -KILL "$pid" && killed=$(( killed + 1 )) && say "task $task on $node: SIGKILL to process $pid"
    fi
    if [ -z "$stopped" ] && [ "$node" = node2 ] && (( task >= 8 )); then
      kill -KILL "$second"; wait "$second" 2>/dev/null || true
      stopped=$SECONDS
      say "node2: its daemon is stopped while task $task runs there"
    fi
  done < <(squeue -h -r -j "$job" -o '%K %T %N' 2>/dev/null)
  if [ -n "$stopped" ] && [ -z "$restarted" ] && (( SECONDS - stopped > 35 )); then
    say "nodes: $(sinfo -h -o '%N %T' | paste -sd' ')"
    node_daemon node2
    restarted=1
    say "node2: its daemon is started again"
  fi
  sleep 0.5
done
lost="$(grep -c 'due to failure of node' "$work/slurmctld.log" || true)"
say "job $job has ended: $killed tasks were killed with SIGKILL and requeued, $lost were requeued because their node was down"
(( killed * 3 >= count )) || { echo "Killed $killed tasks of $count, expected a third." >&2; exit 1; }
[ -n "$stopped" ] || { echo "The job ended before a node daemon was stopped." >&2; exit 1; }
if ! verified="$(dotnet "$tool" score verify --manifest "$MANIFEST" 2>/dev/null)"; then
  say "verify: shards $verified are not whole"
  sbatch --wait --array="$verified" --output="$work/task-%a.log" --open-mode=append samples/cluster/slurm.sbatch >/dev/null
  verified="$(dotnet "$tool" score verify --manifest "$MANIFEST")"
fi
say "verify: ${verified#"$MANIFEST: "}"
dotnet "$tool" score merge --manifest "$MANIFEST" --output "$work/slurm.jsonl" >/dev/null
cmp "$work/one.jsonl" "$work/slurm.jsonl"
say "merged: sha256 $(sha256sum < "$work/slurm.jsonl" | cut -c1-16), byte-identical with one process"

# The same without a cluster: GNU parallel.
dotnet "$tool" score plan --model "$work/model" --input "$work/reviews.jsonl" --shards 4 --output "$work/parallel" --precision fp32 >/dev/null
seq 4 | parallel --jobs 2 -N0 "$SENTIMENTML score run --manifest $work/parallel" >/dev/null 2>>"$work/parallel.log"
dotnet "$tool" score merge --manifest "$work/parallel" --output "$work/parallel.jsonl" >/dev/null
cmp "$work/one.jsonl" "$work/parallel.jsonl"
say "GNU parallel $(parallel --version | head -n 1 | cut -d' ' -f3), 4 shards, 2 at a time: byte-identical with one process"
