import type { CopyCase } from './copy-case.ts';

/** Buffers give canaries and FORTIFY something to do. */
const source = `cat > program.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int join(char *to, const char *one, const char *two) {
  char both[64];
  strcpy(both, one);
  strcat(both, two);
  strcpy(to, both);
  return printf("%s\\n", both);
}
int format(const char *text, int number) {
  char line[64];
  sprintf(line, "%s=%d", text, number);
  return printf("%s\\n", line);
}
int main(int count, char **words) {
  char copy[256];
  if (count > 7) join(copy, words[0], words[1]);
  return format(count > 5 ? words[1] : "answer", 42) > 0 ? 0 : 1;
}
C
`;
const library = `${source} sed -i 's/int main/int entry/' program.c\n`;
const plain = `${source} gcc $CFLAGS program.c $LDFLAGS -o "$out"`;
const made = `${source}
printf 'CFLAGS ?= -O2 -g\\nresult: program.o\\n\\t$(CC) program.o $(LDFLAGS) -o $@\\n' > Makefile
make && [ result -ef "$out" ]`;

/** For npm test: what gcc of Debian builds. */
export const copyCases: readonly CopyCase[] = [
  {
    name: 'a program without any protection',
    before: `export CFLAGS="-O1 -fno-stack-protector -U_FORTIFY_SOURCE" LDFLAGS="-no-pie -Wl,-z,norelro,-z,lazy,-z,execstack"`,
    build: plain,
    fails: ['pie', 'relro', 'non-executable-stack', 'stack-protector'],
    starts: true,
  },
  {
    name: "what gcc's defaults leave out",
    before: '',
    build: plain,
    fails: ['relro', 'stack-protector'],
    starts: true,
  },
  {
    name: 'a makefile that takes CFLAGS from the environment',
    before: 'export LDFLAGS=-no-pie',
    build: made,
    fails: ['pie', 'stack-protector'],
    starts: true,
  },
  {
    name: 'a static program at a fixed address',
    before: 'export LDFLAGS=-static',
    build: plain,
    fails: ['pie'],
    starts: true,
  },
  {
    name: 'a library, which is never linked as a program',
    before: 'export LDFLAGS=-Wl,-z,norelro,-z,execstack',
    build: `${library} gcc -shared -fPIC $CFLAGS program.c $LDFLAGS -o "$out"`,
    fails: ['relro', 'non-executable-stack', 'stack-protector'],
    starts: false,
  },
  {
    name: 'a program of C++, whose flags are in CXXFLAGS',
    before: 'export CXXFLAGS="-O2 -fno-stack-protector" LDFLAGS=-no-pie',
    build: `cat > program.cc <<'C'
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
int main(int count, char **words) {
  char copy[64];
  std::strcpy(copy, count > 5 ? words[1] : "answer");
  if (count > 6) std::sprintf(copy, "%s=%d", words[1], count);
  std::cout << std::string(copy) << std::endl;
}
C
g++ $CXXFLAGS program.cc $LDFLAGS -o "$out"`,
    fails: ['pie', 'relro'],
    starts: true,
  },
  {
    name: 'a program for musl',
    before: 'export CFLAGS=-fno-stack-protector LDFLAGS="-no-pie -Wl,-z,norelro"',
    build: `${source} musl-gcc $CFLAGS program.c $LDFLAGS -o "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: false,
  },
  {
    name: 'an assembly file that requires an executable stack',
    before: '',
    build: `${source} printf '.globl seven\\nseven: mov $7, %%eax\\nret\\n' > seven.S
gcc $CFLAGS program.c seven.S $LDFLAGS -o "$out"`,
    fails: ['non-executable-stack'],
    starts: true,
  },
];
