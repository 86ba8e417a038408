# shellcheck shell=bash disable=SC2154 # variables come from build-linkers.sh
# What packagers do to a linked program. Sourced by build-linkers.sh.

long_path='$ORIGIN/../lib:/opt/vendor/product-with-a-long-name/releases/2026-01/lib:/opt/vendor/product-with-a-long-name/lib'

changes_of() { # LINKER MODE
  echo strip stripdebug nocomment addsection sectionflags nonote eustrip nosections
  case $1 in lld-*) echo llvmstrip llvmnosections ;; esac
  case $2 in
    pie | nopie) echo rpath needed rpathstrip interpreter ;;
    lib) echo rpath needed rpathstrip ;;
  esac
}

changes() { # NAME MACHINE LINKER MODE
  local change
  for change in $(changes_of "$3" "$4"); do
    attempt "$1.$change" change "$change" "$2" "$out/$1" "$out/$1.$change"
  done
}

change() { # CHANGE MACHINE FILE COPY
  local strip objcopy
  strip=$(strip_of "$2")
  objcopy=${strip%strip}objcopy
  case $1 in
    strip) "$strip" -o "$4" "$3" ;;
    stripdebug) "$objcopy" --strip-debug "$3" "$4" ;;
    nocomment) "$objcopy" --remove-section .comment "$3" "$4" ;;
    addsection) "$objcopy" --add-section ".extra=$here/linkers/changes.sh" "$3" "$4" ;;
    sectionflags) "$objcopy" --set-section-flags .comment=readonly,data "$3" "$4" ;;
    nonote) "$objcopy" --remove-section .note.gnu.property --remove-section .note.ABI-tag "$3" "$4" ;;
    eustrip) eu-strip -o "$4" "$3" ;;
    # The section headers go at the end, from all files at once.
    nosections) cp "$3" "$4" ;;
    llvmstrip) llvm-strip-16 -o "$4" "$3" ;;
    llvmnosections) llvm-objcopy-16 --strip-sections "$3" "$4" ;;
    rpath) patchelf --set-rpath "$long_path" --output "$4" "$3" ;;
    needed) patchelf --add-needed libvendor.so.1 --output "$4" "$3" ;;
    rpathstrip) patchelf --set-rpath "$long_path" --output "$4" "$3" && "$strip" "$4" ;;
    interpreter) patchelf --set-interpreter "/opt/vendor/product-with-a-long-name/releases/2026-01$(patchelf --print-interpreter "$3")" --output "$4" "$3" ;;
  esac
}
