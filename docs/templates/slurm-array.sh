#!/bin/bash
# Judge answers in 8 tasks of a Slurm array, then join their verdicts.
#
#   sbatch --wait slurm-array.sh && crosstune merge verdicts.jsonl
#
# The shared folder is the one that it is submitted from. A task that was stopped continues where it was when it
# is submitted again: sbatch --array=3 slurm-array.sh
#SBATCH --job-name=crosstune
#SBATCH --array=0-7
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=08:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@60
set -euo pipefail

# The number of shards: keep it equal to the size of the array, also when only some tasks run again.
SHARDS=8

exec crosstune judge --answers answers.jsonl --benchmark exercises -o verdicts.jsonl \
    --workers "${SLURM_CPUS_PER_TASK:-1}" --shard "env/$SHARDS"
