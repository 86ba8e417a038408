/* Process 1 of a machine that only starts the programs of /t, one after the other, says how each ended, and switches itself off. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void start(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "/t/%s", name);
  pid_t child = fork();
  if (child == 0) {
    execl(path, path, (char *)0);
    _exit(126);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("RESULT %s signal %d\n", name, WTERMSIG(status));
  else printf("RESULT %s exit %d\n", name, WEXITSTATUS(status));
  fflush(stdout);
}

int main(void) {
  mkdir("/proc", 0755);
  mount("proc", "/proc", "proc", 0, "");
  printf("RESULT page %ld\n", sysconf(_SC_PAGESIZE));
  fflush(stdout);
  struct dirent **names;
  int count = scandir("/t", &names, 0, alphasort);
  for (int i = 0; i < count; i++)
    if (names[i]->d_name[0] != '.') start(names[i]->d_name);
  puts("RESULT done");
  fflush(stdout);
  reboot(RB_POWER_OFF);
}
