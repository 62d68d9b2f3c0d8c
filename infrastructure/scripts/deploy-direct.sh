#!/usr/bin/env bash
# Rendered from the topology by `datalab deploy render`; change datalab.toml or the topology, not this file.
#
# Installs a release on this host and brings it to run, service by service; run again after a failure it goes on where
# it stopped. What doesn't get ready, or fails requests, is taken back; the script then ends with 3.
#
#   deploy-direct.sh [--dry-run] [--with systemd|supervisor] [--wheel FILE] [--release NAME] [--installed] [CLONE]
#
# CLONE (this one unless given) has the lock, the rendered files and, unless --wheel names a built one, the source.
# --installed: the release is on this host already; nothing is installed or migrated, which is the way back.
set -euo pipefail

root=/opt/datalab state=/var/lib/datalab logs=/var/log/datalab user=datalab
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=${UV_LINK_MODE:-copy} UV_COMPILE_BYTECODE=1
ready_within_s=300
# How long an instance that was just restarted is watched, and what is too much: more failed answers than so many, if
# they are more than so many per cent.
observed_s=${OBSERVED_S:-8} few=3 errors_per_cent=5
# Names and ports, in the order in which they are restarted; then the workers' names and how many there are.
services=("data-service 8001 8011" "ai-service 8002 8012" "compute-service 8003 8013" "viz-service 8004 8014" "api-gateway 8000 8010")
workers=("data-worker 1" "ai-worker 1" "compute-worker 1" "viz-worker 1")

say() { printf '%s\n' "$*"; }
fail() { say "deploy-direct.sh: $*" >&2; exit 1; }
not_well() { say "deploy-direct.sh: $*" >&2; exit 3; }
run() {
    if [ -n "$dry_run" ]; then say "+ $*"; else "$@"; fi
}

dry_run='' wheel='' release='' with='' installed='' watched=yes
clone=$(cd "$(dirname "$0")/../.." && pwd)
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) dry_run=yes ;;
    --with) with=${2:?--with takes systemd or supervisor}; shift ;;
    --wheel) wheel=$(realpath "${2:?--wheel takes a file}"); shift ;;
    --release) release=${2:?--release takes a name}; shift ;;
    --installed) installed=yes ;;
    -*) fail "$1 is no option; see the head of this file" ;;
    *) clone=$(cd "$1" && pwd) ;;
    esac
    shift
done
[ -n "$with" ] || { [ -d /run/systemd/system ] && with=systemd || with=supervisor; }
case $with in systemd | supervisor) ;; *) fail "--with takes systemd or supervisor, not $with" ;; esac
[ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || fail "run it as root: it makes an account and writes to $root"
python=$(command -v "${PYTHON:-python3}") || fail "there is no ${PYTHON:-python3}; PYTHON may name another"
[ -f "$clone/uv.lock" ] || fail "$clone is no clone: it holds no uv.lock"
release=${release:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$clone/pyproject.toml" | head -n 1)}
case $release in */* | .* | '') fail "'$release' is no name for a release" ;; esac
new=$root/releases/$release
previous=$(readlink "$root/current" 2>/dev/null || true)
# A run that was broken off pointed at its release already; what it was leaving stands in a link of its own.
[ "$previous" != "releases/$release" ] || previous=$(readlink "$root/leaving" 2>/dev/null || true)

prepare_host() {
    id "$user" >/dev/null 2>&1 ||
        run useradd --system --user-group --home-dir "$root" --no-create-home --shell /usr/sbin/nologin "$user"
    run runuser -u "$user" -- "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$user can't run $python, or it is older than 3.11; PYTHON may name another"
    run install -d -m 0755 "$root" "$root/releases" "$state"
    run install -d -m 0700 -o "$user" -g "$user" "$root/backups"
    run install -d -m 0750 -o root -g "$user" "$logs"
    run install -d -m 0750 -o "$user" -g "$user" "$state/ai_models" "$state/compute_temp" "$state/data_uploads" "$state/gateway" "$state/migrate" "$state/viz_cache"
    [ -L "$root/backend" ] || run ln -s current "$root/backend"
    if ! command -v uv >/dev/null; then
        [ -x "$root/uv/bin/uv" ] || { run "$python" -m venv "$root/uv" && run "$root/uv/bin/pip" install --quiet uv==0.13.9; }
        PATH=$root/uv/bin:$PATH
    fi
}

# The packages by the lock, then the platform's own wheel. Owned by root: no process of it can change what it runs.
install_release() {
    [ ! -f "$new/.complete" ] || return 0
    run rm -rf "$new"
    run install -d -m 0755 "$new"
    run uv venv --quiet --python "$python" "$new/venv"
    run env UV_PROJECT_ENVIRONMENT="$new/venv" uv sync --quiet --frozen --no-dev --all-extras --no-install-project --project "$clone"
    if [ -z "$wheel" ]; then
        run uv build --quiet --wheel --out-dir "$new/wheel" "$clone"
        wheel="$new/wheel/*.whl"
    fi
    # shellcheck disable=SC2086 # the name of the wheel that was just built
    run uv pip install --quiet --offline --no-deps --python "$new/venv" $wheel
    run cp -r "$clone/infrastructure" "$new/infrastructure"
    run chmod -R go+rX "$new"
    run touch "$new/.complete"
}

# Secrets that are missing are made; what the file says already stays.
complete_variables() {
    run "$new/venv/bin/datalab" deploy env --file "$root/.env" --choices "$clone/datalab.toml"
    run chown "$user:$user" "$root/.env"
    run chmod 0600 "$root/.env"
}

# Refused when the version that serves meanwhile doesn't work with the new schema.
migrate() {
    local serving=''
    [ ! -x "$root/current/venv/bin/datalab" ] || serving=$("$root/current/venv/bin/datalab" --version || true)
    run runuser -u "$user" -- bash "$new/infrastructure/scripts/run-datalab.sh" migrate ${serving:+--running "$serving"}
}

# What 'datalab deploy scale' said holds until here. The units that it was said of are named for restart_all.
scaled=''
forget_scaling() {
    local told
    for told in /etc/systemd/system/datalab-*.service.d/scaled.conf; do
        [ -f "$told" ] || continue
        scaled+=" $(basename "$(dirname "$told")" .service.d)"
        run rm -f "$told" "${told%.conf}.env"
    done
}

# Points at a release and has the host's supervisor know its files.
switch_to() {
    run ln -sfn "$1" "$root/current.next"
    run mv -T "$root/current.next" "$root/current"
    if [ "$with" = systemd ]; then
        forget_scaling
        run install -m 0644 -t /etc/systemd/system "$root/$1"/infrastructure/systemd/*.{service,socket,target,timer}
        run systemctl daemon-reload
        run systemctl enable --quiet datalab.target
    else
        run install -m 0644 -D "$root/$1/infrastructure/supervisor/datalab.conf" /etc/supervisor/conf.d/datalab.conf
        run supervisorctl reread
        run supervisorctl update datalab
    fi
}

# Whether a process runs the release that is current.
is_current() {
    local pid
    [ -z "$dry_run" ] || return 1
    case " $scaled " in *" datalab-$1 "*) return 1 ;; esac
    if [ "$with" = systemd ]; then
        pid=$(systemctl show --property MainPID --value "datalab-$1.service")
    else
        pid=$(supervisorctl pid "datalab:$1-$2" 2>/dev/null || true)
    fi
    grep -aq "/$(readlink "$root/current")/" "/proc/$pid/cmdline" 2>/dev/null
}

ready() {
    "$root/current/venv/bin/python" -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=10)' \
        "http://127.0.0.1:$1/ready" 2>/dev/null
}

await_ready() {
    [ -z "$dry_run" ] || { say "+ await 200 of http://127.0.0.1:$1/ready"; return 0; }
    local until=$((SECONDS + ready_within_s))
    until ready "$1"; do
        [ $SECONDS -lt $until ] || { say "port $1 isn't ready after $ready_within_s s" >&2; return 1; }
        sleep 1
    done
}

# How many answers of an instance failed and how many there were, since it was started.
answers() {
    local until=$((SECONDS + 60))
    until "$root/current/venv/bin/python" -m datalab.host.probe "$1" answers 2>/dev/null; do
        [ $SECONDS -lt $until ] || { say "port $1 doesn't tell how many answers failed" >&2; return 1; }
        sleep 1
    done
}

# Lets an instance serve for a while and looks whether it fails requests.
watch_answers() {
    [ -n "$watched" ] || return 0
    [ -z "$dry_run" ] || { say "+ watch the answers of port $1 for $observed_s s"; return 0; }
    local before after failed all
    before=$(answers "$1") || return 1
    sleep "$observed_s"
    after=$(answers "$1") || return 1
    failed=$((${after% *} - ${before% *})) all=$((${after#* } - ${before#* }))
    if [ "$failed" -gt "$few" ] && [ $((failed * 100)) -gt $((all * errors_per_cent)) ]; then
        say "port $1 failed $failed of $all requests" >&2
        return 1
    fi
}

restart() {
    if [ "$with" = systemd ]; then
        run systemctl restart "datalab-$1.service"
    else
        run supervisorctl restart "datalab:$1-$2"
    fi
}

# One after the other; systemd runs one instance behind a socket that stays, supervisor several beside each other.
restart_all() {
    local service worker name port number count
    for service in "${services[@]}"; do
        read -ra ports <<<"$service"
        name=${ports[0]}
        number=0
        for port in "${ports[@]:1}"; do
            if is_current "$name" $number; then
                await_ready "$port" || return 1
            else
                restart "$name" $number || return 1
                await_ready "$port" || return 1
                watch_answers "$port" || return 1
            fi
            number=$((number + 1))
            [ "$with" = supervisor ] || break
        done
    done
    for worker in "${workers[@]}"; do
        read -r name count <<<"$worker"
        [ "$with" = supervisor ] || count=1
        for ((number = 0; number < count; number++)); do
            is_current "$name" $number || restart "$name" $number || return 1
        done
    done
}

say "release $release by $with, in place of ${previous:-none}"
if [ -n "$installed" ]; then
    [ -n "$dry_run" ] || [ -f "$new/.complete" ] || fail "release $release isn't installed on this host"
    watched=''
else
    prepare_host
    install_release
    complete_variables
    migrate
fi
[ -z "$previous" ] || run ln -sfn "$previous" "$root/leaving"
switch_to "releases/$release"
if restart_all; then
    [ "$with" != systemd ] || run systemctl start datalab.target
    run rm -f "$root/leaving"
    say "release $release runs"
    exit 0
fi
[ -n "$previous" ] || not_well "release $release is not well; see $logs"
say "release $release is not well: going back to $previous" >&2
watched=''
switch_to "$previous"
run rm -f "$root/leaving"
restart_all || not_well "$previous did not get ready either; see $logs"
not_well "$previous runs again; see $logs for what release $release said"
