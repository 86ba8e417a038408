import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A name that a host defines, as nm(1) prints its kind. */
export interface HostName {
  readonly name: string;
  readonly isData: boolean;
}

/**
 * A program in the place of a host: it defines the host's names, opens each file that it is given in a process of its own,
 * with RTLD_NOW and then with RTLD_LAZY, and prints what dlerror says, or that the process died of it.
 */
const source = `
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void open_one(const char *path, int mode, const char *label) {
  int ends[2];
  char said[1024] = "";
  pipe(ends);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    dup2(open("/dev/null", O_RDWR), 2);
    close(ends[0]);
    int failed = dlopen(path, mode) == 0;
    const char *text = failed ? dlerror() : "loads";
    write(ends[1], text, strlen(text));
    _exit(0);
  }
  close(ends[1]);
  size_t length = 0;
  for (ssize_t got; length < sizeof said - 1 && (got = read(ends[0], said + length, sizeof said - 1 - length)) > 0;) length += got;
  said[length] = 0;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (length == 0) snprintf(said, sizeof said, "dies, status %d", status);
  for (char *c = said; *c; c++) if (*c == '\\n' || *c == '\\t') *c = ' ';
  printf("%s\\t%s\\t%s\\n", path, label, said);
}
int main(void) {
  char path[4096];
  while (fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\\n")] = 0;
    open_one(path, RTLD_NOW, "now");
    open_one(path, RTLD_LAZY, "lazy");
  }
  return 0;
}`;

export function buildOpener(names: readonly HostName[], compiler: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const label = ({ name, isData }: HostName) =>
    `.globl ${name}\n.type ${name}, ${isData ? '@object' : '@function'}\n${isData ? `.size ${name}, 4096\n` : ''}${name}:\n`;
  const functions = names.filter(({ isData }) => !isData).map(label);
  const data = names.filter(({ isData }) => isData).map((each) => `${label(each)}.zero 4096\n`);
  const code = `.text\n${functions.join('')}xor %eax, %eax\nret\n.data\n${data.join('')}.section .note.GNU-stack,"",@progbits\n`;
  writeFileSync(join(folder, 'opener.c'), source);
  writeFileSync(join(folder, 'names.s'), code);
  const file = join(folder, 'opener');
  const words = [
    '-w',
    '-O1',
    '-rdynamic',
    '-o',
    file,
    join(folder, 'opener.c'),
    join(folder, 'names.s'),
  ];
  execFileSync(compiler, [...words, '-ldl'], { stdio: 'pipe' });
  return file;
}

/** What the real programs of this machine define, of what the files import: not their copies of a library's data. */
export function namesOf(hosts: readonly string[], files: readonly string[]): HostName[] {
  const wanted = new Set(
    files.flatMap((file) => symbols(['-D', '--undefined-only', file]).map(({ name }) => name)),
  );
  const copied = new Set(
    ['libc.so.6', 'libm.so.6', 'libstdc++.so.6']
      .map((name) => `/usr/lib/x86_64-linux-gnu/${name}`)
      .flatMap((library) => symbols(['-D', '--defined-only', library]).map(({ name }) => name)),
  );
  const found = new Map<string, HostName>();
  for (const { name, kind } of hosts.flatMap((host) => symbols(['-D', '--defined-only', host]))) {
    if (wanted.has(name) && !copied.has(name))
      found.set(name, { name, isData: /[BDRVu]/.test(kind) });
  }
  return [...found.values()];
}

function symbols(words: readonly string[]) {
  const text = execFileSync('nm', words, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.split('\n').flatMap((line) => {
    const [, kind = '', name = ''] = /(?:^|\s)(\w) (\S+)$/.exec(line) ?? [];
    const bare = name.split('@')[0] ?? '';
    return bare === '' || !/^[\w$.]+$/.test(bare) ? [] : [{ kind, name: bare }];
  });
}
