# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# What tells the loader where to look: RPATH and RUNPATH, needed libraries, the interpreter.

part libsample.so gcc "${plain[@]}" -shared -fPIC -Wl,-soname,libsample.so library.c
with_library=(library-user.c -L"$parts" -l:libsample.so)

run_path() { # NAME WHY VALUE: RUNPATH on glibc
  sample "x86_64-glibc-gcc-pie-runpath-$1" "$2" gcc "${plain[@]}" "${with_library[@]}" -Wl,--enable-new-dtags "-Wl,-rpath,$3"
}
run_path origin 'RUNPATH $ORIGIN/../lib: inside its own tree' '$ORIGIN/../lib'
run_path absolute 'RUNPATH with an absolute system directory' /usr/lib/sample
run_path relative 'RUNPATH relative to the working directory' lib
run_path empty 'RUNPATH with an empty element: glibc takes the working directory' /usr/lib/sample::/opt/lib
run_path tmp 'RUNPATH in a directory that everyone can write' /tmp/lib
run_path lib 'RUNPATH with $LIB, which each loader knows by another name' '/usr/$LIB/sample'
run_path build 'RUNPATH left from a build directory' /home/builder/project/lib
sample x86_64-glibc-gcc-pie-rpath-relative 'RPATH, the older tag' \
  gcc "${plain[@]}" "${with_library[@]}" -Wl,--disable-new-dtags,-rpath,lib
sample x86_64-glibc-gcc-lib-rpath-origin 'a library with RPATH $ORIGIN' \
  gcc "${plain[@]}" -shared -fPIC library.c '-Wl,--disable-new-dtags,-rpath,$ORIGIN'
sample x86_64-musl-gcc-pie-rpath-tmp 'RPATH to /tmp on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" program.c -Wl,-rpath,/tmp
sample x86_64-musl-gcc-pie-runpath-absolute 'RUNPATH with an absolute system directory on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" program.c -Wl,--enable-new-dtags,-rpath,/usr/lib/sample

part libabsolute.so gcc "${plain[@]}" -shared -fPIC -Wl,-soname,/opt/sample/libsample.so library.c
sample x86_64-glibc-gcc-pie-needed-absolute 'needs a library by absolute path' \
  gcc "${plain[@]}" library-user.c "$parts/libabsolute.so"
part librelative.so gcc "${plain[@]}" -shared -fPIC -Wl,-soname,lib/libsample.so library.c
sample x86_64-glibc-gcc-pie-needed-relative 'needs a library by a path relative to the working directory' \
  gcc "${plain[@]}" library-user.c "$parts/librelative.so"
sample x86_64-glibc-gcc-pie-needed-plain 'needs a library by its name alone' \
  gcc "${plain[@]}" "${with_library[@]}"

sample x86_64-glibc-gcc-pie-interpreter-tmp 'its interpreter lies in /tmp' \
  gcc "${plain[@]}" program.c -Wl,--dynamic-linker=/tmp/ld.so
sample x86_64-glibc-gcc-pie-interpreter-relative 'its interpreter is relative to the working directory' \
  gcc "${plain[@]}" program.c -Wl,--dynamic-linker=lib/ld.so
sample x86_64-glibc-gcc-pie-muslinterpreter 'glibc program whose interpreter is that of musl: contradicts itself' \
  gcc "${plain[@]}" program.c -Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1
