/** A file that hardening checkers tend to get wrong, and what is true of it. */
export interface HardFile {
  /** A name in samples/elf, or an absolute path of a file of Debian 12. */
  readonly file: string;
  readonly rule: string;
  readonly want: 'pass' | 'fail' | 'unknown' | 'not-applicable';
  /** How the truth is known. */
  readonly truth: string;
}

const built = (file: string, rule: string, want: HardFile['want'], truth: string): HardFile => ({
  file,
  rule,
  want,
  truth,
});

export const hardFiles: readonly HardFile[] = [
  built(
    'x86_64-glibc-gcc-static-none-stripped',
    'stack-protector',
    'fail',
    "built with -fno-stack-protector; the canaries are libc's",
  ),
  built(
    'x86_64-musl-gcc-static-none-stripped',
    'stack-protector',
    'fail',
    "built with -fno-stack-protector; the canaries are libc's",
  ),
  built(
    'x86_64-musl-gcc-static-strong-stripped',
    'stack-protector',
    'pass',
    'built with -fstack-protector-strong',
  ),
  built(
    'x86_64-musl-gcc-staticpie-strong-stripped',
    'stack-protector',
    'pass',
    'built with -fstack-protector-strong',
  ),
  built('x86_64-musl-gcc-staticpie-strong-stripped', 'pie', 'pass', 'linked with -static-pie'),
  built(
    'x86_64-musl-gcc-staticpie-none-stripped',
    'stack-protector',
    'fail',
    'built with -fno-stack-protector',
  ),
  built(
    'x86_64-musl-gcc-staticpie-strong-nosections',
    'stack-protector',
    'pass',
    'as above, section headers removed',
  ),
  built(
    'aarch64-musl-gcc-staticpie-strong-stripped',
    'stack-protector',
    'pass',
    'built with -fstack-protector-strong',
  ),
  built(
    'aarch64-musl-gcc-static-none-stripped',
    'stack-protector',
    'fail',
    'built with -fno-stack-protector',
  ),
  built(
    'x86_64-glibc-gcc-pie-hardened-nosections',
    'stack-protector',
    'pass',
    'built with all flags, section headers removed',
  ),
  built(
    'x86_64-glibc-gcc-pie-hardened-nosections',
    'fortify-source',
    'pass',
    'built with all flags, section headers removed',
  ),
  built(
    'x86_64-glibc-gcc-pie-nowonly',
    'relro',
    'fail',
    '-z norelro -z now: the GOT stays writable (/proc/PID/maps)',
  ),
  built(
    'x86_64-glibc-gcc-pie-tinyrelro',
    'relro',
    'fail',
    'PT_GNU_RELRO shrunk to 16 bytes by hand',
  ),
  built(
    'x86_64-glibc-gcc-pie-noflag',
    'pie',
    'pass',
    'DF_1_PIE cleared by hand; it can still be loaded anywhere',
  ),
  built(
    'x86_64-glibc-gcc-lib-executable',
    'pie',
    'not-applicable',
    'a library with an interpreter, as libc.so.6',
  ),
  built('x86_64-glibc-gcc-lib-plugin', 'pie', 'not-applicable', 'a library without SONAME'),
  built(
    'x86_64-glibc-gcc-pie-nobuffers',
    'stack-protector',
    'not-applicable',
    'no function has a buffer',
  ),
  built(
    'x86_64-glibc-gcc-pie-ssp-neverreturns',
    'stack-protector',
    'pass',
    'built with -fstack-protector-strong; its one function with a buffer never returns',
  ),
  built(
    'x86_64-glibc-gcc-pie-ssp-partial',
    'stack-protector',
    'fail',
    'one of many units built with -fstack-protector-strong',
  ),
  built(
    'x86_64-glibc-gcc-pie-fortify-partial',
    'fortify-source',
    'fail',
    'one of two units built with _FORTIFY_SOURCE',
  ),
  built(
    'x86_64-glibc-gcc-pie-fortify-sized',
    'fortify-source',
    'unknown',
    'calls only what stays plain where the size is proven',
  ),
  built(
    'x86_64-musl-gcc-pie-alpine',
    'fortify-source',
    'unknown',
    'musl has no checked names: neither pass nor fail can be seen',
  ),
  built('x86_64-none-go-static-stripped', 'stack-protector', 'not-applicable', 'Go: no C code'),
  built('x86_64-glibc-rust-pie-stripped', 'stack-protector', 'not-applicable', 'Rust: no C code'),
  built(
    'x86_64-musl-gcc-static-packed',
    'stack-protector',
    'unknown',
    'packed by UPX: only the stub shows',
  ),
  built(
    'x86_64-glibc-gcc-object-hardened',
    'non-executable-stack',
    'pass',
    'its .note.GNU-stack is not executable',
  ),
  built(
    'x86_64-glibc-gcc-pie-nostackheader',
    'non-executable-stack',
    'fail',
    'glibc gives its threads executable stacks',
  ),
  built('x86_64-glibc-gcc-pie-writablecode', 'no-writable-code', 'fail', 'a segment is RWX'),
  built(
    '/usr/bin/python3.11',
    'stack-protector',
    'fail',
    'link-time optimisation lost it: objdump shows 62 calls in 1,971 functions that need one',
  ),
  built(
    '/usr/bin/clear',
    'stack-protector',
    'pass',
    'Debian builds it with -fstack-protector-strong; main never returns',
  ),
  built(
    '/usr/bin/tabs',
    'stack-protector',
    'pass',
    'Debian builds it with -fstack-protector-strong; main never returns',
  ),
  built(
    '/sbin/setcap',
    'stack-protector',
    'pass',
    'Debian builds it with -fstack-protector-strong; main never returns',
  ),
];
