import type { BaseRoot } from '../starting/base-roots.ts';
import type { RemedyCase } from './remedy-case.ts';

const everywhere: readonly BaseRoot[] = ['empty', 'musl', 'glibc', 'alpine'];
const onMusl: readonly BaseRoot[] = ['musl', 'alpine'];

/** Prints `started` and ends with 42, as `startProgram` expects; buffers give canaries and FORTIFY something to do. */
const c = `cat > program.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__attribute__((noinline)) int join(const char *one, const char *two) {
  char both[32];
  strcpy(both, one);
  strcat(both, two);
  return printf("%s", both);
}
__attribute__((noinline)) int format(const char *text, int number) {
  char line[64];
  sprintf(line, "%s=%d", text, number);
  return printf("%s", line);
}
int main(int count, char **words) {
  char copy[64];
  if (getenv("HULL")) return join(words[0], words[count - 1]) + format(words[0], count);
  strcpy(copy, getenv("HULL") ? words[0] : "started\\n");
  return write(1, copy, strlen(copy)) == 8 ? 42 : 1;
}
C
`;

const hardening: readonly RemedyCase[] = [
  {
    rule: 'pie',
    toolchain: 'gcc',
    says: '-static-pie',
    before: `${c} gcc -static -no-pie program.c -o "$out"`,
    after: `${c} gcc -fPIE $says program.c -o "$out"`,
    judgedIn: 'empty',
    startsIn: everywhere,
  },
  {
    rule: 'pie',
    toolchain: 'gcc',
    says: '-pie',
    before: `${c} musl-gcc -no-pie program.c -o "$out"`,
    after: `${c} musl-gcc -fPIE $says program.c -o "$out"`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
  {
    rule: 'relro',
    toolchain: 'gcc',
    says: '-Wl,-z,relro,-z,now',
    before: `${c} gcc -Wl,-z,norelro program.c -o "$out"`,
    after: `${c} gcc $says program.c -o "$out"`,
    judgedIn: 'glibc',
    startsIn: ['glibc'],
  },
  {
    rule: 'relro',
    toolchain: 'gcc',
    says: '-Wl,-z,relro,-z,now',
    before: `${c} musl-gcc -Wl,-z,norelro program.c -o "$out"`,
    after: `${c} musl-gcc $says program.c -o "$out"`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
  {
    rule: 'bind-now',
    toolchain: 'gcc',
    says: '-Wl,-z,now',
    before: `${c} gcc -Wl,-z,lazy program.c -o "$out"`,
    after: `${c} gcc $says program.c -o "$out"`,
    judgedIn: 'glibc',
    startsIn: ['glibc'],
  },
  {
    rule: 'non-executable-stack',
    toolchain: 'gcc',
    says: '-Wl,-z,noexecstack',
    before: `${c} musl-gcc -Wl,-z,execstack program.c -o "$out"`,
    after: `${c} musl-gcc $says program.c -o "$out"`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
  {
    rule: 'stack-protector',
    toolchain: 'gcc',
    says: '-fstack-protector-strong',
    before: `${c} musl-gcc -O1 -fno-stack-protector program.c -o "$out"`,
    after: `${c} musl-gcc -O1 $says program.c -o "$out"`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
  {
    rule: 'fortify-source',
    toolchain: 'gcc',
    says: '-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3',
    before: `${c} gcc -O2 -U_FORTIFY_SOURCE program.c -o "$out"`,
    after: `${c} gcc $says program.c -o "$out"`,
    judgedIn: 'glibc',
    startsIn: ['glibc'],
  },
];

const starting: readonly RemedyCase[] = [
  {
    rule: 'musl-linkage',
    toolchain: 'gcc',
    says: 'musl-gcc',
    before: `${c} gcc program.c -o "$out"`,
    after: `${c} $says program.c -o "$out"`,
    judgedIn: 'alpine',
    startsIn: onMusl,
  },
  {
    rule: 'musl-linkage',
    toolchain: 'alpine',
    says: 'link it statically',
    before: `${c} gcc program.c -o "$out"`,
    after: `${c} gcc -fPIE -static-pie program.c -o "$out"`,
    judgedIn: 'alpine',
    startsIn: everywhere,
  },
  {
    rule: 'musl-linkage',
    toolchain: 'alpine',
    says: 'choose a base image with glibc',
    before: `${c} gcc program.c -o "$out"`,
    after: `${c} gcc program.c -o "$out"`,
    judgedIn: 'alpine',
    judgedAfterIn: 'glibc',
    startsIn: ['glibc'],
  },
  {
    rule: 'loadable',
    toolchain: 'image',
    says: 'build it statically',
    before: `${c} echo 'int more(void) { return 0; }' > more.c; musl-gcc -shared -fPIC -Wl,-soname,libmore.so.1 more.c -o libmore.so.1
      musl-gcc program.c -Wl,--no-as-needed ./libmore.so.1 -o "$out"`,
    after: `${c} musl-gcc -static program.c -o "$out"`,
    judgedIn: 'musl',
    startsIn: everywhere,
  },
  {
    rule: 'standard-interpreter',
    toolchain: 'image',
    says: 'patchelf --set-interpreter PATH FILE',
    before: `${c} musl-gcc program.c -Wl,--dynamic-linker=/opt/musl.so -o "$out"`,
    after: `${c} musl-gcc program.c -Wl,--dynamic-linker=/opt/musl.so -o "$out"
      FILE=$out; words=\${says/PATH//lib/ld-musl-x86_64.so.1}; \${words/FILE/$FILE}`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
  {
    rule: 'safe-run-path',
    toolchain: 'alpine',
    says: 'patchelf --remove-rpath FILE',
    before: `${c} musl-gcc program.c -Wl,-rpath,lib -o "$out"`,
    after: `${c} musl-gcc program.c -Wl,-rpath,lib -o "$out"; \${says/FILE/$out}`,
    judgedIn: 'musl',
    startsIn: onMusl,
  },
];

const goProgram = `cat > main.go <<'GO'
package main
import ("net"; "os"; "os/user")
func main() {
  if os.Getenv("HULL") != "" { net.LookupHost("localhost"); user.Current() }
  os.Stdout.WriteString("started\\n"); os.Exit(42)
}
GO
export GO111MODULE=off GOFLAGS=-buildvcs=false
`;
const goStaticPie = `CGO_ENABLED=1 go build -buildmode=pie -ldflags '-linkmode=external -extldflags=-static-pie'`;
const goRelro = `CGO_ENABLED=1 go build -buildmode=pie -ldflags '-linkmode=external "-extldflags=-static-pie -Wl,-z,relro,-z,now"'`;
/** The line as a shell takes it, with where to write and the tags that the rule names for such a program. */
const goLine = `${goProgram} eval "$says -tags netgo,osusergo -o '$out' main.go"`;

const rustProgram = `cat > main.rs <<'RUST'
fn main() { print!("started\\n"); use std::io::Write; std::io::stdout().flush().unwrap(); std::process::exit(42) }
RUST
`;

const languages: readonly RemedyCase[] = [
  {
    rule: 'pie',
    toolchain: 'go',
    says: goStaticPie,
    needs: 'go',
    before: `${goProgram} CGO_ENABLED=0 go build -o "$out" main.go`,
    after: goLine,
    judgedIn: 'empty',
    startsIn: everywhere,
  },
  {
    rule: 'relro',
    toolchain: 'go',
    says: goRelro,
    needs: 'go',
    before: `${goProgram} ${goStaticPie} -tags netgo,osusergo -o "$out" main.go`,
    after: goLine,
    judgedIn: 'empty',
    startsIn: everywhere,
  },
  ...(['musl-linkage', 'loadable'] as const).map(
    (rule): RemedyCase => ({
      rule,
      toolchain: 'go',
      says: goRelro,
      needs: 'go',
      before: `${goProgram} go build -o "$out" main.go`,
      after: goLine,
      judgedIn: 'alpine',
      startsIn: everywhere,
    }),
  ),
  ...(['musl-linkage', 'loadable'] as const).map(
    (rule): RemedyCase => ({
      rule,
      toolchain: 'go',
      says: 'CGO_ENABLED=0',
      needs: 'go',
      before: `${goProgram} go build -o "$out" main.go`,
      after: `${goProgram} env $says go build -o "$out" main.go`,
      judgedIn: 'alpine',
      startsIn: everywhere,
    }),
  ),
  {
    rule: 'loadable',
    toolchain: 'rustc',
    says: '-C target-feature=+crt-static',
    needs: 'rustc',
    before: `${rustProgram} rustc main.rs -o "$out"`,
    after: `${rustProgram} rustc $says main.rs -o "$out"`,
    judgedIn: 'alpine',
    startsIn: everywhere,
  },
];

export const remedyCases: readonly RemedyCase[] = [...hardening, ...starting, ...languages];
