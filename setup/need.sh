#!/usr/bin/env bash
# Installs what is missing on a Debian-like machine, or names it. Safe to repeat; changes nothing when all is there.
#
#   setup/need.sh build    what building and running need: a C compiler, Rust, Node.js
#   setup/need.sh test     also what the tests need: PostgreSQL's server, Chromium, a Chinese font
#
# SKIP=pg leaves PostgreSQL out. Everything here is meant to be read before it is run with rights.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly rust_wanted=1.95.0
readonly node_wanted=20.19.0
wanted=()

has() { command -v "$1" >/dev/null 2>&1; }

fail() {
    printf '\nmissing: %s\n' "$@" >&2
    exit 1
}

# Whether version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! has sudo; then
        fail "$* (as root: there is no sudo here)"
    elif [ -n "${CI:-}" ] || ! [ -t 0 ]; then
        sudo -n "$@"
    else
        sudo "$@"
    fi
}

# Whether the distribution offers a package, and in at least version $2 if given.
offered() {
    local candidate
    has apt-cache || return 1
    candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p')
    candidate=${candidate#*:}
    [ -n "$candidate" ] && [ "$candidate" != "(none)" ] && at_least "$candidate" "${2:-0}"
}

updated=
update() {
    [ -z "$updated" ] || return 0
    has apt-get || fail "packages, and apt-get to install them: ${wanted[*]:-see README.md}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq -o Acquire::Retries=3
    updated=yes
}

install() {
    [ "$#" -gt 0 ] || return 0
    printf 'installing with apt-get: %s\n' "$*"
    update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Acquire::Retries=3 "$@" </dev/null
}

need_compiler() {
    if has cc && printf '#include <stdio.h>\n' | cc -E - >/dev/null 2>&1; then return; fi
    wanted+=(gcc libc6-dev)
}

need_rust() {
    if ! has cargo && ! has rustup; then
        wanted=(rustup)
        update
        offered rustup || fail "Rust $rust_wanted: install rustup, the installer of the Rust project, then run this again"
        install rustup
        wanted=()
    fi
    # rustup reads rust-toolchain.toml, which names the version.
    if has rustup && ! rustc --version >/dev/null 2>&1; then rustup toolchain install; fi
    local version
    version=$(rustc --version | cut -d ' ' -f 2)
    at_least "$version" "$rust_wanted" || fail "Rust $rust_wanted or newer; here is $version"
    for part in fmt clippy; do
        if cargo "$part" --version >/dev/null 2>&1; then continue; fi
        has rustup || fail "cargo $part, a component of the Rust toolchain"
        rustup component add rustfmt clippy
    done
}

need_node() {
    local version=0
    if has node; then version=$(node --version | tr -d v); fi
    if at_least "$version" "$node_wanted" && has npm; then return; fi
    wanted=(nodejs npm)
    update
    offered nodejs "$node_wanted" || fail "Node.js $node_wanted or newer with npm: this distribution has an older one; install it from the Node.js project"
    install nodejs npm
    wanted=()
    at_least "$(node --version | tr -d v)" "$node_wanted" || fail "Node.js $node_wanted or newer; an older one comes first in PATH"
}

need_postgres() {
    if [ "${SKIP:-}" = pg ]; then
        printf 'SKIP=pg: PostgreSQL is left out, and with it the tests that need it\n'
        return
    fi
    if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && compgen -G '/usr/lib/postgresql/*/bin/psql' >/dev/null; then return; fi
    wanted+=(postgresql)
}

need_browser() {
    has chromium || has chromium-browser || wanted+=(chromium)
    if has fc-list && [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]; then return; fi
    wanted+=(fontconfig fonts-noto-cjk)
}

case "${1:-}" in
build | test) ;;
*)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac

need_rust
need_node
need_compiler
if [ "$1" = test ]; then
    need_postgres
    need_browser
fi
install ${wanted[@]+"${wanted[@]}"}
printf 'tools: %s, node %s, %s\n' "$(rustc --version | cut -d ' ' -f 1,2)" "$(node --version)" "$(cc --version | head -n 1)"
