# shellcheck shell=bash disable=SC2154,SC2054,SC2016,SC2034 # variables cross files, commas belong to -Wl, $ORIGIN is text
# What only code, notes and debug information show: control flow, stack clash, instrumentation, build traces.

# Control flow. Debian's start files carry no CET note, so the linker drops the note of every whole program.
sample x86_64-glibc-gcc-pie-cet-forced 'ENDBR in the code, IBT and SHSTK forced into the note, none in the start files' \
  gcc "${plain[@]}" -fcf-protection=full -Wl,-z,ibt,-z,shstk function-pointers.c
sample x86_64-glibc-gcc-pie-cet-nonote 'ENDBR in the code, no note: not enforceable' \
  gcc "${plain[@]}" -fcf-protection=full function-pointers.c
sample x86_64-glibc-gcc-pie-cet-none 'neither' \
  gcc "${plain[@]}" -fcf-protection=none function-pointers.c
sample x86_64-none-gcc-lib-ibtforced 'no ENDBR in the code, IBT and SHSTK forced into the note' \
  gcc "${plain[@]}" -fcf-protection=none -shared -fPIC -nostdlib -Wl,-z,ibt,-z,shstk function-pointers.c
sample x86_64-none-gcc-static-cet 'a whole program whose note the linker made itself, its entry point an ENDBR' \
  gcc "${plain[@]}" -fcf-protection=full -static -nostdlib -fno-pie -no-pie -fno-stack-protector own-start.c
sample aarch64-none-gcc-static-bti 'a whole program whose BTI note the linker made itself' \
  "${arm64[@]}" -O2 -mbranch-protection=standard -static -nostdlib -fno-pie -no-pie -fno-stack-protector own-start.c
sample aarch64-none-gcc-lib-btiforced 'no BTI in the code, forced into the note' \
  "${arm64[@]}" -O2 -mbranch-protection=none -shared -fPIC -nostdlib -Wl,-z,force-bti function-pointers.c
sample x86_64-none-gcc-lib-cet 'a library whose note the linker made itself' \
  gcc "${plain[@]}" -fcf-protection=full -shared -fPIC -nostdlib function-pointers.c
edited x86_64-none-gcc-lib-cetnonote 'the same library without the note' \
  x86_64-none-gcc-lib-cet strip -R .note.gnu.property
sample x86_64-musl-gcc-pie-cet-none 'neither, on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" -fcf-protection=none function-pointers.c
sample aarch64-musl-gcc-pie-btinonote 'BTI in the code, no note, on musl' \
  "${arm64_musl[@]}" gcc pie "${small[@]}" -O2 -mbranch-protection=standard function-pointers.c
sample aarch64-none-gcc-lib-bti 'a library whose BTI and PAC note the linker made itself' \
  "${arm64[@]}" -O2 -mbranch-protection=standard -shared -fPIC -nostdlib function-pointers.c
sample x86_64-glibc-clang-pie-cfi-stripped 'clang CFI: in a stripped file nothing shows it' \
  clang-16 -fuse-ld=lld-16 -O1 -s -flto -fvisibility=hidden -fsanitize=cfi -fno-sanitize-ignorelist function-pointers.c

# Stack clash
sample x86_64-glibc-gcc-pie-clash-probed 'frames of many pages, probed' \
  gcc "${plain[@]}" -fno-stack-protector -fstack-clash-protection wide-frames.c
sample x86_64-glibc-gcc-pie-clash-none 'frames of many pages, not probed' \
  gcc "${plain[@]}" -fno-stack-protector -fno-stack-clash-protection wide-frames.c
sample x86_64-glibc-clang-pie-clash-probed 'probed by clang' \
  clang-16 -fuse-ld=lld-16 "${plain[@]}" -fstack-clash-protection wide-frames.c
sample x86_64-glibc-gcc-pie-clash-smallframes 'no frame over a page' \
  gcc "${plain[@]}" -fno-stack-clash-protection -DSMALL_FRAMES program.c
sample x86_64-musl-gcc-pie-clash-none 'not probed, on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" -fno-stack-protector -fno-stack-clash-protection wide-frames.c
sample x86_64-musl-gcc-pie-clash-probed 'probed, on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" -fno-stack-protector -fstack-clash-protection wide-frames.c
sample aarch64-glibc-gcc-pie-clash-probed 'probed on AArch64' \
  "${arm64[@]}" -O2 -fno-stack-protector -fstack-clash-protection wide-frames.c
sample aarch64-glibc-gcc-pie-clash-none 'not probed on AArch64' \
  "${arm64[@]}" -O2 -fno-stack-protector -fno-stack-clash-protection wide-frames.c

# Instrumentation left in
sample x86_64-glibc-gcc-pie-asan 'AddressSanitizer left in' \
  gcc "${plain[@]}" -fsanitize=address no-buffers.c
sample x86_64-glibc-gcc-pie-ubsan 'UndefinedBehaviorSanitizer left in' \
  gcc "${plain[@]}" -fsanitize=undefined no-buffers.c
sample x86_64-glibc-gcc-pie-coverage 'test coverage left in' \
  gcc "${plain[@]}" -fprofile-arcs -fprofile-dir=/build "-fprofile-prefix-path=$PWD" -frandom-seed=1 no-buffers.c
sample x86_64-glibc-gcc-pie-profiled 'gprof profiling left in' \
  gcc "${plain[@]}" -pg no-buffers.c
sample aarch64-glibc-gcc-pie-ubsan 'UndefinedBehaviorSanitizer left in' \
  "${arm64[@]}" -O2 -fsanitize=undefined no-buffers.c

# Calls
sample x86_64-glibc-gcc-pie-dangerous 'gets, mktemp, tmpnam, strcpy, system' \
  gcc "${plain[@]}" -w dangerous-calls.c
sample x86_64-musl-gcc-pie-dangerous 'gets, mktemp, tmpnam, strcpy, system on musl' \
  "${musl[@]}" gcc pie "${plain[@]}" -w dangerous-calls.c
sample aarch64-glibc-gcc-pie-dangerous 'gets, mktemp, tmpnam, strcpy, system' \
  "${arm64[@]}" -O2 -w dangerous-calls.c

# Build traces. The compiler is told names of folders that are not those of the building machine.
traced=(-g -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,--build-id=sha1 "-ffile-prefix-map=$PWD=/home/builder/project")
sample x86_64-glibc-gcc-pie-debug 'debug information with the flags and the folder of the build' \
  gcc "${traced[@]}" -fstack-clash-protection -fcf-protection -ftrivial-auto-var-init=zero program.c
edited x86_64-glibc-gcc-debugonly 'only debug information: the file that .gnu_debuglink names' \
  x86_64-glibc-gcc-pie-debug objcopy --only-keep-debug
sample x86_64-glibc-gcc-pie-debug-unhardened 'debug information that tells of missing flags' \
  gcc -g -O0 -fno-stack-protector -Wl,--build-id=sha1 "-ffile-prefix-map=$PWD=/home/builder/project" no-buffers.c
sample x86_64-musl-gcc-pie-debug 'debug information on musl' \
  "${musl[@]}" gcc pie "${traced[@]}" no-buffers.c
sample aarch64-glibc-gcc-pie-debug 'debug information' \
  "${arm64[@]}" "${traced[@]}" no-buffers.c
sample x86_64-glibc-gcc-pie-recordedflags 'the flags in .GCC.command.line' \
  gcc "${plain[@]}" -frecord-gcc-switches -fstack-protector-strong no-buffers.c
sample x86_64-glibc-gcc-pie-nobuildid 'no build ID' \
  gcc -O2 -Wl,--build-id=none no-buffers.c
sample x86_64-musl-gcc-pie-nobuildid 'no build ID on musl' \
  "${musl[@]}" gcc pie -O2 -Wl,--build-id=none no-buffers.c
sample aarch64-glibc-gcc-pie-nobuildid 'no build ID' \
  "${arm64[@]}" -O2 -Wl,--build-id=none no-buffers.c

# Code loaded behind the program's back
sample x86_64-glibc-gcc-pie-audit 'DT_AUDIT: a library that the loader runs first' \
  gcc "${plain[@]}" no-buffers.c -Wl,--audit=/usr/lib/audit.so
sample x86_64-glibc-gcc-lib-filter 'DT_FILTER: its symbols come from another library' \
  gcc "${plain[@]}" -shared -fPIC library.c -Wl,-F,libother.so.1
sample x86_64-glibc-gcc-lib-nodlopen 'DF_1_NOOPEN: cannot be loaded by dlopen' \
  gcc "${plain[@]}" -shared -fPIC library.c -Wl,-z,nodlopen,-soname,libsample.so.1

# Containers of C++, with and without checks of their bounds.
for machine in x86_64 aarch64; do
  read -ra compiler <<<"$(gcc_of "$machine")"
  compiler[0]=${compiler[0]/%gcc/g++}
  sample "$machine-glibc-gcc-pie-cxxassert" 'containers of C++ that check their bounds' \
    "${compiler[@]}" -s "${small[@]}" "${hard[@]}" -D_GLIBCXX_ASSERTIONS containers.cc
  sample "$machine-glibc-gcc-pie-cxxplain" 'containers of C++ without checks' \
    "${compiler[@]}" -s "${small[@]}" "${hard[@]}" containers.cc
done
sample x86_64-glibc-gcc-pie-cxxfew 'so little code of containers that it may have nothing to check' \
  g++ -s "${hard[@]}" -DFEW containers.cc

# Levels of processor
sample x86_64-glibc-gcc-pie-avx 'built for x86-64-v3: main works with AVX, and nothing asks the processor' \
  gcc "${plain[@]}" -s -march=x86-64-v3 vectors.c
sample x86_64-glibc-gcc-pie-sse4 'built for x86-64-v2: main begins with SSE3, and calls what rounds by SSE4.1' \
  gcc "${plain[@]}" -s -march=x86-64-v2 vectors.c
sample x86_64-glibc-gcc-pie-clones 'a function in two forms, of which an IFUNC chooses one by CPUID' \
  gcc "${plain[@]}" -O3 -s clones.c
