# shellcheck shell=bash
# What the machines of the samples are called by compilers, by Debian and by musl. Sourced by the builders.

gcc_of() {
  case $1 in
    x86_64) echo gcc ;;
    i386) echo 'gcc -m32 -isystem /usr/include/x86_64-linux-gnu' ;;
    arm) echo arm-linux-gnueabihf-gcc ;;
    ppc64le) echo powerpc64le-linux-gnu-gcc ;;
    *) echo "$1-linux-gnu-gcc" ;;
  esac
}

clang_target() {
  case $1 in
    arm) echo armv7-linux-musleabihf ;;
    ppc64le) echo powerpc64le-linux-musl ;;
    *) echo "$1-linux-musl" ;;
  esac
}

clang_glibc_target() {
  case $1 in
    arm) echo arm-linux-gnueabihf ;;
    ppc64le) echo powerpc64le-linux-gnu ;;
    *) echo "$1-linux-gnu" ;;
  esac
}

strip_of() {
  case $1 in
    x86_64 | i386) echo strip ;;
    arm) echo arm-linux-gnueabihf-strip ;;
    ppc64le) echo powerpc64le-linux-gnu-strip ;;
    *) echo "$1-linux-gnu-strip" ;;
  esac
}

# The flag of a level: none, plain, strong or all.
ssp_flag() {
  case $1 in
    none) echo -fno-stack-protector ;;
    plain) echo -fstack-protector ;;
    *) echo "-fstack-protector-$1" ;;
  esac
}

# The suffix of musl's loader: /lib/ld-musl-NAME.so.1.
musl_name() {
  case $1 in
    arm) echo armhf ;;
    ppc64le) echo powerpc64le ;;
    *) echo "$1" ;;
  esac
}

debian_name() {
  case $1 in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    arm) echo armhf ;;
    ppc64le) echo ppc64el ;;
    *) echo "$1" ;;
  esac
}

# Stops with the names of the Debian packages to install for the commands that are missing.
need_commands() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "missing: apt-get install ${missing[*]}" >&2
  exit 2
}
