#!/bin/bash
# build-times-and-containers.sh FOLDER: objects whose flags say which times they use (time64) and whether their containers check
# their bounds (cxx-assertions), and FOLDER/labels.tsv for check-matrix. Times: each function of the C library that exchanges
# points in time, and some that do not, alone, for three machines of 32 bits. Packages: each source file of Debian's
# packages of leveldb, yaml-cpp and exiv2, as a library of its own, with and without assertions, stripped. Programs: those of
# lab/containers by g++ for three machines, by clang with libstdc++ and with libc++, as programs, static programs and libraries.
# PARTS="times packages programs" builds some of it only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/toolchains.sh
. "$here/../scripts/toolchains.sh"
"$here/../scripts/system-packages.sh" matrix
mkdir -p "$1"
out=$(realpath "$1")
labels=$out/labels.tsv
: >"$labels"

label() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$labels"; }

# What is written in each file, and what the function is: `points` in time, or `none`. From the manual pages.
calls() {
  cat <<'CALLS'
points time (void)time(0)
points gettimeofday struct timeval v; gettimeofday(&v, 0)
points settimeofday struct timeval v = {0}; settimeofday(&v, 0)
points clock_settime struct timespec s = {0}; clock_settime(CLOCK_REALTIME, &s)
points stat struct stat s; stat("a", &s)
points lstat struct stat s; lstat("a", &s)
points fstat struct stat s; fstat(0, &s)
points fstatat struct stat s; fstatat(0, "a", &s, 0)
points localtime time_t t = 0; localtime(&t)
points localtime_r time_t t = 0; struct tm m; localtime_r(&t, &m)
points gmtime time_t t = 0; gmtime(&t)
points gmtime_r time_t t = 0; struct tm m; gmtime_r(&t, &m)
points ctime time_t t = 0; ctime(&t)
points ctime_r time_t t = 0; char b[26]; ctime_r(&t, b)
points mktime struct tm m = {0}; sink = mktime(&m)
points timegm struct tm m = {0}; sink = timegm(&m)
points difftime sink = difftime(sink, 1)
points utime struct utimbuf b = {0}; utime("a", &b)
points utimes struct timeval v[2] = {0}; utimes("a", v)
points lutimes struct timeval v[2] = {0}; lutimes("a", v)
points futimes struct timeval v[2] = {0}; futimes(0, v)
points futimens struct timespec s[2] = {0}; futimens(0, s)
points utimensat struct timespec s[2] = {0}; utimensat(0, "a", s, 0)
points adjtime struct timeval v = {0}; adjtime(&v, 0)
points timespec_get struct timespec s; timespec_get(&s, TIME_UTC)
points sem_timedwait sem_t s; struct timespec t = {0}; sem_timedwait(&s, &t)
points mutex_timedlock pthread_mutex_t m; struct timespec t = {0}; pthread_mutex_timedlock(&m, &t)
points rdlock pthread_rwlock_t l; struct timespec t = {0}; pthread_rwlock_timedrdlock(&l, &t)
points mq_timedsend struct timespec t = {0}; mq_timedsend(0, "", 0, 0, &t)
points nftw nftw("a", 0, 1, 0)
none select struct timeval v = {0}; select(0, 0, 0, 0, &v)
none nanosleep struct timespec s = {0}; nanosleep(&s, 0)
none monotonic struct timespec s; clock_gettime(CLOCK_MONOTONIC, &s)
none fionread int n; ioctl(0, FIONREAD, &n)
none fcntl fcntl(0, F_GETFL)
none getrusage struct rusage u; getrusage(0, &u)
none puts puts("a")
none strftime struct tm m = {0}; char b[9]; strftime(b, 9, "%y", &m)
CALLS
}

time_objects() {
  local machine is name body wide=(-D_TIME_BITS=64 -D_FILE_OFFSET_BITS=64)
  local source=$out/call.c
  for machine in i386 arm mips; do
    read -ra compiler <<<"$(gcc_of "$machine")"
    while read -r is name body; do
      printf '#define _GNU_SOURCE\n#include <fcntl.h>\n#include <ftw.h>\n#include <mqueue.h>\n#include <pthread.h>\n#include <semaphore.h>\n#include <stdio.h>\n#include <sys/ioctl.h>\n#include <sys/resource.h>\n#include <sys/select.h>\n#include <sys/stat.h>\n#include <sys/time.h>\n#include <time.h>\n#include <utime.h>\nvolatile time_t sink;\nint main(void) { %s; return 0; }\n' "$body" >"$source"
      for level in O0 O2; do
        local as=$machine-time-$name-$level
        "${compiler[@]}" -w -$level -s "$source" -o "$out/$as-plain"
        "${compiler[@]}" -w -$level -s -D_FILE_OFFSET_BITS=64 "$source" -o "$out/$as-large"
        "${compiler[@]}" -w -$level -s "${wide[@]}" "$source" -o "$out/$as-wide"
        if [ "$is" = points ]; then
          label "$as-plain" "$machine" time64=fail
          label "$as-large" "$machine" time64=fail
          label "$as-wide" "$machine" time64=pass
        else
          for build in plain large wide; do label "$as-$build" "$machine" time64=not-applicable; done
        fi
      done
    done < <(calls)
  done
  rm -f "$source"
}

# An object without a condition to check shows nothing: only those that have one with assertions are labelled.
container_objects() { # PACKAGE FOLDER-OF-SOURCES INCLUDE...
  local package=$1 sources folder include=() file name level
  folder=$("$here/fetch-source.sh" "$1")
  sources=$folder/$2
  shift 2
  for file; do include+=(-I "$folder/$file"); done
  while read -r file; do
    name=$(basename "${file%.*}")
    for level in O1 O2; do
      local as=x86_64-cxx-$package-$name-$level build=(g++ -w -s "-$level" -shared -fPIC "${include[@]}" "$file")
      "${build[@]}" -D_GLIBCXX_ASSERTIONS -o "$out/$as-checked" 2>/dev/null || continue
      "${build[@]}" -o "$out/$as-plain"
      if readelf -W --dyn-syms "$out/$as-checked" | grep -q __glibcxx_assert_fail; then
        label "$as-checked" x86_64 cxx-assertions=pass
        label "$as-plain" x86_64 cxx-assertions=fail
      else
        rm -f "$out/$as-checked" "$out/$as-plain"
      fi
    done
  done < <(find "$sources" -name '*.cc' -o -name '*.cpp' | sort)
}

# The compilers of lab/containers: NAME MACHINE FLAG-OF-ASSERTIONS COMMAND...
cxx_compilers() {
  cat <<'COMPILERS'
gcc x86_64 -D_GLIBCXX_ASSERTIONS g++
gcc i386 -D_GLIBCXX_ASSERTIONS g++ -m32 -isystem /usr/include/x86_64-linux-gnu
gcc aarch64 -D_GLIBCXX_ASSERTIONS aarch64-linux-gnu-g++
clang x86_64 -D_GLIBCXX_ASSERTIONS clang++-16
libcxx x86_64 -D_LIBCPP_ENABLE_ASSERTIONS=1 clang++-16 -stdlib=libc++
COMPILERS
}

# That the compiled object calls what ends the program when an assertion fails: the label rests on this, and the verdict on the
# linked, stripped file.
has_assertions() { readelf -W --syms "$1" | grep -qE '__glibcxx_assert_fail|__libcpp_verbose_abort'; }

program_of() { # program_of SOURCE NAME-OF-COMPILER MACHINE ASSERTIONS FLAGS COMMAND...
  local source=$1 machine=$3 assertions=$4 as build link expected
  read -ra flags <<<"$5"
  as=$out/$machine-cxx-$2-$(basename "$source" .cpp)
  shift 5
  for build in checked plain; do
    [ "$build" = checked ] && flags+=("$assertions")
    "$@" -w -std=c++20 -fPIC "${flags[@]}" -c "$source" -o "$as-$build.o"
    [ "$build" = checked ] && unset 'flags[-1]'
  done
  if has_assertions "$as-checked.o" && ! has_assertions "$as-plain.o"; then
    for build in checked plain; do
      expected=$([ "$build" = checked ] && echo pass || echo fail)
      for link in pie static shared; do
        "$@" -s "-$link" "$as-$build.o" -o "$as-$build-$link" -pthread 2>/dev/null || continue
        label "$(basename "$as-$build-$link")" "$machine" "cxx-assertions=$expected"
      done
    done
  fi
  rm -f "$as-checked.o" "$as-plain.o"
}

# Each compiler takes another level for the same program, so that all of them come up. One job for each compiler.
programs() {
  local source name machine assertions command job jobs=() first=0
  local levels=(-O2 -O0 -Os -O1 '-O2 -fno-inline' -O3)
  while read -r name machine assertions command; do
    read -ra compiler <<<"$command"
    for source in "$here"/containers/*.cpp; do
      program_of "$source" "$name" "$machine" "$assertions" "${levels[first++ % 6]}" "${compiler[@]}"
    done </dev/null &
    jobs+=("$!")
    first=$((first + 1))
  done < <(cxx_compilers)
  for job in "${jobs[@]}"; do wait "$job"; done
}

packages() {
  container_objects leveldb . . include
  container_objects yaml-cpp src include src
  container_objects exiv2 src include include/exiv2 src xmpsdk/include
}

for part in ${PARTS:-times packages programs}; do
  case $part in
    times) time_objects ;;
    packages) packages ;;
    programs) programs ;;
  esac
done
echo "$(wc -l <"$labels") labelled files in $out"
