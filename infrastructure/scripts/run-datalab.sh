#!/usr/bin/env bash
# Rendered from the topology by `datalab deploy render`; change datalab.toml or the topology, not this file.
# Starts one process of the release that it is part of, with the variables of /opt/datalab/.env but for the secrets
# of the others: PROGRAM [INSTANCE]. For the operator: admin COMMAND..., any of datalab's, as the gateway.
set -euo pipefail

# Taken as they stand, a pair of quotes left away: nothing in them is run.
while IFS= read -r line || [ -n "$line" ]; do
    line=${line#export }
    case $line in
    [A-Za-z_]*=*) ;;
    *) continue ;;
    esac
    value=${line#*=}
    case $value in
    \"*\") value=${value#\"} value=${value%\"} ;;
    \'*\') value=${value#\'} value=${value%\'} ;;
    esac
    export "${line%%=*}=$value"
done </opt/datalab/.env

# As many files as a unit may open, or as many as this host lets it.
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"

release=$(cd "$(dirname "$0")/../.." && pwd -P)
instance=${2:-0}
case ${1:?names the program} in
api-gateway)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-api-gateway}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/gateway}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-4}"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD VIZ_SERVICE_SECRET
    set -- serve gateway --host 127.0.0.1 --port "$((8000 + 10 * instance))"
    ;;
data-service)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-data-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/data_uploads/state}"
    export DATALAB_DATA_TABLES="${DATALAB_DATA_TABLES:-/var/lib/datalab/data_uploads/tables}"
    export DATALAB_DATA_SPOOL="${DATALAB_DATA_SPOOL:-/var/lib/datalab/data_uploads/spool}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-2}"
    export DATALAB_SERVICE_SECRET="$DATA_SERVICE_SECRET"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET DATA_SERVICE_SECRET
    set -- serve data --host 127.0.0.1 --port "$((8001 + 10 * instance))"
    ;;
ai-service)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-ai-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/ai_models/state}"
    export MODEL_CACHE_PATH="${MODEL_CACHE_PATH:-/var/lib/datalab/ai_models/versions}"
    export DATALAB_AI_STAGING_PATH="${DATALAB_AI_STAGING_PATH:-/var/lib/datalab/ai_models/staging}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-2}"
    export DATALAB_SERVICE_SECRET="$AI_SERVICE_SECRET"
    unset COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET AI_SERVICE_SECRET
    set -- serve ai --host 127.0.0.1 --port "$((8002 + 10 * instance))"
    ;;
compute-service)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-compute-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/compute_temp}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-2}"
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    set -- serve compute --host 127.0.0.1 --port "$((8003 + 10 * instance))"
    ;;
viz-service)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-viz-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/viz_cache/state}"
    export DATALAB_VIZ_CACHE_PATH="${DATALAB_VIZ_CACHE_PATH:-/var/lib/datalab/viz_cache/images}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-2}"
    export DATALAB_SERVICE_SECRET="$VIZ_SERVICE_SECRET"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET
    set -- serve viz --host 127.0.0.1 --port "$((8004 + 10 * instance))"
    ;;
data-worker)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-data-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/data_uploads/state}"
    export DATALAB_DATA_TABLES="${DATALAB_DATA_TABLES:-/var/lib/datalab/data_uploads/tables}"
    export DATALAB_DATA_SPOOL="${DATALAB_DATA_SPOOL:-/var/lib/datalab/data_uploads/spool}"
    export DATALAB_COMPUTE_DRAIN_S="${DATALAB_COMPUTE_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9001 + 10 * instance))"
    set -- worker --queues data
    ;;
ai-worker)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-ai-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/ai_models/state}"
    export MODEL_CACHE_PATH="${MODEL_CACHE_PATH:-/var/lib/datalab/ai_models/versions}"
    export DATALAB_AI_STAGING_PATH="${DATALAB_AI_STAGING_PATH:-/var/lib/datalab/ai_models/staging}"
    export DATALAB_COMPUTE_DRAIN_S="${DATALAB_COMPUTE_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9002 + 10 * instance))"
    set -- worker --queues ai
    ;;
compute-worker)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-compute-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/compute_temp}"
    export DATALAB_COMPUTE_DRAIN_S="${DATALAB_COMPUTE_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9003 + 10 * instance))"
    set -- worker --queues compute
    ;;
viz-worker)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-viz-service}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/viz_cache/state}"
    export DATALAB_VIZ_CACHE_PATH="${DATALAB_VIZ_CACHE_PATH:-/var/lib/datalab/viz_cache/images}"
    export DATALAB_COMPUTE_DRAIN_S="${DATALAB_COMPUTE_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9004 + 10 * instance))"
    set -- worker --queues viz
    ;;
migrate)
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS REDIS_PASSWORD VIZ_SERVICE_SECRET
    set -- migrate
    ;;
admin)
    export ENVIRONMENT="${ENVIRONMENT:-production}"
    export LOG_LEVEL="${LOG_LEVEL:-info}"
    export SERVICE_NAME="${SERVICE_NAME:-api-gateway}"
    export POSTGRES_HOST="${POSTGRES_HOST:-127.0.0.1}"
    export POSTGRES_PORT="${POSTGRES_PORT:-5432}"
    export POSTGRES_DB="${POSTGRES_DB:-datalab}"
    export POSTGRES_USER="${POSTGRES_USER:-datalab}"
    export REDIS_URL="${REDIS_URL:-redis://127.0.0.1:6379/0}"
    export GATEWAY_SERVICE_URL="${GATEWAY_SERVICE_URL:-http://127.0.0.1:8000,http://127.0.0.1:8010}"
    export DATA_SERVICE_URL="${DATA_SERVICE_URL:-http://127.0.0.1:8001,http://127.0.0.1:8011}"
    export AI_SERVICE_URL="${AI_SERVICE_URL:-http://127.0.0.1:8002,http://127.0.0.1:8012}"
    export COMPUTE_SERVICE_URL="${COMPUTE_SERVICE_URL:-http://127.0.0.1:8003,http://127.0.0.1:8013}"
    export VIZ_SERVICE_URL="${VIZ_SERVICE_URL:-http://127.0.0.1:8004,http://127.0.0.1:8014}"
    export DATALAB_HOME="${DATALAB_HOME:-/var/lib/datalab/gateway}"
    export DATALAB_LINGER_S="${DATALAB_LINGER_S:-8}"
    export DATALAB_DRAIN_S="${DATALAB_DRAIN_S:-40}"
    export FORWARDED_ALLOW_IPS="${FORWARDED_ALLOW_IPS:-127.0.0.1}"
    export WORKER_PROCESSES="${WORKER_PROCESSES:-4}"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD VIZ_SERVICE_SECRET
    shift
    ;;
*)
    echo "$1 is no program of this platform" >&2
    exit 2
    ;;
esac
exec "$release/venv/bin/datalab" "$@"
