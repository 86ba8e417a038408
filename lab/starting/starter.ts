import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a container runtime does last: `starter ROOT DIRECTORY UID GID PROGRAM NAME=VALUE...`. Static, since no library of
 * the new root is its own, and no variable for a loader may reach another program than the one that is started.
 * A uid of -1: it stays who it is.
 */
const source = `
#define _GNU_SOURCE
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words) {
  if (count < 6 || chroot(words[1]) || chdir(words[2])) return perror("starter"), 126;
  int uid = atoi(words[3]), gid = atoi(words[4]);
  if (uid >= 0 && (setgroups(0, 0) || setgid(gid) || setuid(uid))) return perror("starter"), 126;
  char *program[] = {words[5], 0};
  execve(words[5], program, words + 6);
  return perror("execve"), 127;
}`;

let built: string | null = null;

/** Builds it once. */
export function starter(): string {
  if (built !== null) return built;
  const folder = mkdtempSync(join(tmpdir(), 'starter-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'starter.c'), source);
  const place = join(folder, 'starter');
  execFileSync('musl-gcc', ['-static', '-O1', '-o', place, join(folder, 'starter.c')]);
  built = place;
  return place;
}
