#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The few commands of this project; `./do help` lists them.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
build="$root/build/release"

usage() {
    cat <<'END'
./do demo       build, make a frame of a phantom knee, plan a needle path on it; plan and picture in build/demo
./do test       build and run every test; further words go to ctest, e.g. ./do test -R plan
./do bench      build and run the benchmarks, write build/bench/benchmarks.json and show it as a table; further words go to
                the program, e.g. --benchmark_filter=srad
./do lint       clang-tidy, cppcheck and the checks of the tree; ./do lint FILE... looks at those files alone
./do format     lay out our C++ files with clang-format
./do package    build the Debian package in build/package
./do install-dependencies SECTION...   only install what cmake/dependencies.txt lists (build run test bench check lint package)
./do help       this text

Each command first installs what is missing of the Debian packages in cmake/dependencies.txt and says so.
It builds in build/release, and only what has changed. JOBS=N limits the number of jobs.
END
}

say() { printf '%s\n' "== $*"; }
die() { printf '%s\n' "do: $*" >&2; exit 1; }

# Packages of the named sections of the one list.
packages() {
    awk -v sections=" $* " '
        /^\[/ { section = $1; gsub(/[][]/, "", section); next }
        { sub(/#.*/, "") }
        NF && index(sections, " " section " ") { print $1 }
    ' "$root/cmake/dependencies.txt" | sort -u
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif ! command -v sudo >/dev/null 2>&1; then
        die "missing packages need root to install, and there is no sudo. As root: $*"
    elif [ -t 2 ] || sudo -n true 2>/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"  # asks for the password on the terminal itself
    else
        die "missing packages need root, and sudo asks for a password where there is no terminal. As root: $*"
    fi
}

install_dependencies() {
    wanted=$(packages "$@")
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "this is no Debian system, so nothing is installed; the build needs:" "$(echo "$wanted" | tr '\n' ' ')"
        return
    fi
    # shellcheck disable=SC2086
    present=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | awk '$2 == "installed" { print $1 }' || :)
    missing=""
    for package in $wanted; do
        case "
$present
" in
        *"
$package
"*) ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    say "installing Debian packages:$missing"
    # shellcheck disable=SC2086
    if apt-get install -s -qq --no-install-recommends $missing >/dev/null 2>&1 &&
        as_root apt-get install -y -qq --no-install-recommends $missing </dev/null; then
        return 0
    fi
    say "the package lists are missing or old: apt-get update"
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root apt-get install -y -qq --no-install-recommends $missing </dev/null ||
        die "the packages above could not be installed"
}

jobs() {
    if [ -n "${JOBS:-}" ]; then
        printf '%s' "$JOBS"
    else
        nproc 2>/dev/null || printf 2
    fi
}

# configure NAME=VALUE...: configures build/release, or changes it where an option has another value.
configure() {
    if command -v ccache >/dev/null 2>&1; then
        export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    stale=no
    [ -f "$build/build.ninja" ] || stale=yes
    for option in "$@"; do
        grep -q "^${option%%=*}:[A-Z]*=${option#*=}\$" "$build/CMakeCache.txt" 2>/dev/null || stale=yes
    done
    [ "$stale" = yes ] || return 0
    say "configuring build/release"
    for option in "$@"; do
        set -- "$@" "-D$option"
        shift
    done
    (cd "$root" && cmake --preset release "$@")
}

# For commands that need no tests: a fresh folder is configured without, another stays as it is.
configure_fresh() {
    [ -f "$build/build.ninja" ] || configure GUIDE_BUILD_TESTS=OFF
}

build() {
    say "building"
    cmake --build "$build" -j "$(jobs)" "$@"
}

demo() {
    install_dependencies build run
    configure_fresh
    build --target guide
    folder="$root/build/demo"
    mkdir -p "$folder"
    say "making a frame of a knee that never was (samples/cases/16-screen.json)"
    "$build/bin/guide" simulate "$root/samples/cases/16-screen.json" --output "$folder/knee" --quiet || return
    say "planning a needle path on it; view and scale are read off its screen"
    status=0
    "$build/bin/guide" plan "$folder/knee/frame_0000.png" \
        --json "$folder/plan.json" --overlay "$folder/overlay.png" || status=$?
    # 3 is an answer too: no path, and the plan says why.
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || return "$status"
    say "the plan:    $folder/plan.json"
    say "the picture: $folder/overlay.png"
    return "$status"
}

run_tests() {
    install_dependencies build run test
    configure GUIDE_BUILD_TESTS=ON
    build
    say "testing"
    # What a user's shell exports for the display is the tests' own business; nothing may follow ctest's summary.
    exec ctest --test-dir "$build" -j "$(jobs)" --output-on-failure --no-label-summary --no-tests=error "$@" </dev/null
}

bench() {
    install_dependencies build run bench
    configure GUIDE_BUILD_BENCHMARKS=ON
    build --target guide_benchmarks
    program="$build/bin/guide_benchmarks"
    for word in "$@"; do
        case "$word" in
        # Who asks for a form of their own gets the program's output as it is.
        --help | --once | --benchmark_list_tests* | --benchmark_format=* | --benchmark_out=*) exec "$program" "$@" ;;
        esac
    done
    folder="$root/build/bench"
    mkdir -p "$folder"
    rm -f "$folder/benchmarks.json"
    say "timing; every line five times in random order, all of them take a quarter of an hour"
    status=0
    "$program" --benchmark_out="$folder/benchmarks.json" --benchmark_out_format=json --benchmark_min_time=0.05 \
        --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true "$@" >"$folder/benchmarks.txt" 2>&1 || status=$?
    [ -s "$folder/benchmarks.json" ] || die "nothing was timed; the program said: $(tail -n 3 "$folder/benchmarks.txt")"
    "$root/benchmarks/report.py" "$folder/benchmarks.json" || status=1
    say "the figures: $folder/benchmarks.json"
    return "$status"
}

# Our C++ files as git knows them, also those not yet added; without git, as they lie there.
sources() {
    cd "$root"
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files -co --exclude-standard -- '*.cpp' '*.hpp' | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
    else
        find libguide apps samples tests benchmarks -name '*.cpp' -o -name '*.hpp'
    fi
}

lint() {
    install_dependencies build run test bench check lint
    if [ $# -gt 0 ]; then
        exec "$root/.ci/tidy" "$@"
    fi
    failed=""
    "$root/.ci/check-tree" || failed="$failed tree"
    (cd "$root" && sources | xargs -d '\n' clang-format --dry-run --Werror) || failed="$failed clang-format"
    "$root/.ci/cppcheck" || failed="$failed cppcheck"
    "$root/.ci/tidy" || failed="$failed clang-tidy"
    [ -z "$failed" ] || die "lint found something:$failed"
    say "lint found nothing"
}

format() {
    install_dependencies check
    (cd "$root" && sources | xargs -d '\n' clang-format -i)
}

package() {
    install_dependencies build run package
    configure_fresh
    build
    rm -f "$root"/build/package/*.deb
    cpack --config "$build/CPackConfig.cmake" -B "$root/build/package"
    say "the package: $(ls "$root"/build/package/*.deb)"
}

# ccache keeps its files at home; where there is none, here.
[ -n "${HOME:-}" ] || export CCACHE_DIR="$root/build/ccache"

command=${1:-help}
[ $# -eq 0 ] || shift
case "$command" in
demo) demo ;;
test) run_tests "$@" ;;
bench) bench "$@" ;;
lint) lint "$@" ;;
format) format ;;
package) package ;;
install-dependencies) install_dependencies "$@" ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
