# shellcheck shell=bash disable=SC2154 # variables come from build-changes.sh
# Builds that changed nothing: a comparison has to list nothing, but what really differs. Sourced by build-changes.sh.

# rebuilt NAME OPTION ...: once more, in another folder.
rebuilt() { change "rebuilt-$1" 0 nothing "${@:2}"; }

rebuilds_of_cell() {
  rebuilt elsewhere
  rebuilt version -DVERSION=2.11.0-rc1
  case $language in
    c | c++)
      rebuilt order --order
      rebuilt paths "-ffile-prefix-map=$sources=/usr/src/app-2.11"
      # What only symbols show is not seen any more, which is not a loss.
      change rebuilt-stripped 0 "noted=*" --after "$(strip_for_cell)"
      ;;
  esac
}

strip_for_cell() { if [ "$compiler" = clang ]; then echo llvm-strip-16; else strip_of "$machine"; fi; }

# The hardened program of C as releases ship it: in archives, below folders with a version, next to a library whose name
# has one.
archives() {
  local place=$out/archives program=$out/c-gcc-x86_64/hardened/app one
  rm -rf "$place"
  mkdir -p "$place"
  release 1.0.0 4f2a9c01 "$place/tree-old" "$program"
  release 1.1.0 b7d03e55 "$place/tree-new" "$out/c-gcc-x86_64/rebuilt-version/app"
  (cd "$place/tree-old" && tar -czf ../old.tar.gz . && tar --sort=name --mtime=@1 -cf ../same.tar . && python3 -m zipfile -c ../same.zip app-1.0.0)
  (cd "$place/tree-new" && tar --sort=name --owner=7 -cJf ../new.tar.xz . && python3 -m zipfile -c ../new.zip app-1.1.0)
  for one in tree-old same.tar same.zip tree-new new.tar.xz new.zip; do
    printf 'archives\t%s\t%s\t0\tnothing\t-\n' "$one" old.tar.gz >>"$table"
  done
}

release() { # VERSION HASH FOLDER PROGRAM
  mkdir -p "$3/app-$1/bin" "$3/app-$1/lib"
  cp "$4" "$3/app-$1/bin/app"
  cp "$4" "$3/app-$1/bin/app-helper-$1"
  gcc "${code[@]/-fPIE/-fPIC}" -fcf-protection=full -shared "-Wl,-soname,libwork-$2.so.${1%.*}" "$sources/work.c" \
    -o "$3/app-$1/lib/libwork-$2.so.$1" -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--build-id=sha1
}
