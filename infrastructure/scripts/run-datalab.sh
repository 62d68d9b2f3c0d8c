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

unless_said() { [ -n "${!1-}" ] || export "$1=$2"; }

release=$(cd "$(dirname "$0")/../.." && pwd -P)
instance=${2:-0}
case ${1:?names the program} in
api-gateway)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME api-gateway
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/gateway
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 4
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD VIZ_SERVICE_SECRET
    set -- serve gateway --host 127.0.0.1 --port "$((8000 + 10 * instance))"
    ;;
data-service)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME data-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/data_uploads/state
    unless_said DATALAB_DATA_TABLES /var/lib/datalab/data_uploads/tables
    unless_said DATALAB_DATA_SPOOL /var/lib/datalab/data_uploads/spool
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 2
    export DATALAB_SERVICE_SECRET="$DATA_SERVICE_SECRET"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET DATA_SERVICE_SECRET
    set -- serve data --host 127.0.0.1 --port "$((8001 + 10 * instance))"
    ;;
ai-service)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME ai-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/ai_models/state
    unless_said MODEL_CACHE_PATH /var/lib/datalab/ai_models/versions
    unless_said DATALAB_AI_STAGING_PATH /var/lib/datalab/ai_models/staging
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 2
    export DATALAB_SERVICE_SECRET="$AI_SERVICE_SECRET"
    unset COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET AI_SERVICE_SECRET
    set -- serve ai --host 127.0.0.1 --port "$((8002 + 10 * instance))"
    ;;
compute-service)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME compute-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/compute_temp
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 2
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    set -- serve compute --host 127.0.0.1 --port "$((8003 + 10 * instance))"
    ;;
viz-service)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME viz-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/viz_cache/state
    unless_said DATALAB_VIZ_CACHE_PATH /var/lib/datalab/viz_cache/images
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 2
    export DATALAB_SERVICE_SECRET="$VIZ_SERVICE_SECRET"
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET
    set -- serve viz --host 127.0.0.1 --port "$((8004 + 10 * instance))"
    ;;
data-worker)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME data-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/data_uploads/state
    unless_said DATALAB_DATA_TABLES /var/lib/datalab/data_uploads/tables
    unless_said DATALAB_DATA_SPOOL /var/lib/datalab/data_uploads/spool
    unless_said DATALAB_COMPUTE_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9001 + 10 * instance))"
    set -- worker --queues data
    ;;
ai-worker)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME ai-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/ai_models/state
    unless_said MODEL_CACHE_PATH /var/lib/datalab/ai_models/versions
    unless_said DATALAB_AI_STAGING_PATH /var/lib/datalab/ai_models/staging
    unless_said DATALAB_COMPUTE_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9002 + 10 * instance))"
    set -- worker --queues ai
    ;;
compute-worker)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME compute-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/compute_temp
    unless_said DATALAB_COMPUTE_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9003 + 10 * instance))"
    set -- worker --queues compute
    ;;
viz-worker)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME viz-service
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000,http://127.0.0.1:8010
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001,http://127.0.0.1:8011
    unless_said AI_SERVICE_URL http://127.0.0.1:8002,http://127.0.0.1:8012
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003,http://127.0.0.1:8013
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004,http://127.0.0.1:8014
    unless_said DATALAB_HOME /var/lib/datalab/viz_cache/state
    unless_said DATALAB_VIZ_CACHE_PATH /var/lib/datalab/viz_cache/images
    unless_said DATALAB_COMPUTE_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    export DATALAB_SERVICE_SECRET="$COMPUTE_SERVICE_SECRET"
    unset AI_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS VIZ_SERVICE_SECRET COMPUTE_SERVICE_SECRET
    export DATALAB_METRICS_ADDRESS="127.0.0.1:$((9004 + 10 * instance))"
    set -- worker --queues viz
    ;;
migrate)
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said LOG_LEVEL info
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD JWT_SECRET JWT_SECRET_PREVIOUS REDIS_PASSWORD VIZ_SERVICE_SECRET
    set -- migrate "${@:2}"
    ;;
admin)
    unless_said ENVIRONMENT production
    unless_said LOG_LEVEL info
    unless_said SERVICE_NAME api-gateway
    unless_said POSTGRES_HOST 127.0.0.1
    unless_said POSTGRES_PORT 5432
    unless_said POSTGRES_DB datalab
    unless_said POSTGRES_USER datalab
    unless_said REDIS_URL redis://127.0.0.1:6379/0
    unless_said GATEWAY_SERVICE_URL http://127.0.0.1:8000
    unless_said DATA_SERVICE_URL http://127.0.0.1:8001
    unless_said AI_SERVICE_URL http://127.0.0.1:8002
    unless_said COMPUTE_SERVICE_URL http://127.0.0.1:8003
    unless_said VIZ_SERVICE_URL http://127.0.0.1:8004
    unless_said DATALAB_HOME /var/lib/datalab/gateway
    unless_said DATALAB_LINGER_S 8
    unless_said DATALAB_DRAIN_S 40
    unless_said FORWARDED_ALLOW_IPS 127.0.0.1
    unless_said WORKER_PROCESSES 4
    unset AI_SERVICE_SECRET COMPUTE_SERVICE_SECRET DATA_SERVICE_SECRET GRAFANA_PASSWORD VIZ_SERVICE_SECRET
    shift
    ;;
*)
    echo "$1 is no program of this platform" >&2
    exit 2
    ;;
esac
exec "$release/venv/bin/datalab" "$@"
