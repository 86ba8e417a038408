/* launcher ROOT DIRECTORY UID GID EMULATOR WORD...
 * Starts a command line as a container runtime does: in ROOT, from DIRECTORY, by that user, with the environment that it has
 * itself; it is linked statically, for it has LD_PRELOAD too. A word without a slash is looked up in PATH by the rules of Go's LookPath, which runc uses. EMULATOR is the
 * place of a qemu in ROOT that stands in for the kernel, or "-". How it ended is said on descriptor 3:
 * "exec NAME-OF-ERROR", "lookup NAME-OF-ERROR", "exit STATUS", "signal NUMBER" or "timeout". */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORDS 64

static void give_up(const char *what) {
  dprintf(3, "broken %s: %s\n", what, strerror(errno));
  _exit(125);
}

static int is_program(const char *path) {
  struct stat found;
  if (stat(path, &found) != 0) return errno;
  if (S_ISDIR(found.st_mode)) return EISDIR;
  if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0) return 0;
  return errno;
}

/* Gives the path of a command word, or says why there is none. */
static const char *look_up(const char *word) {
  static char path[8192];
  const char *search = getenv("PATH");
  if (strchr(word, '/')) return word;
  for (const char *at = search ? search : ""; *at;) {
    size_t length = strcspn(at, ":");
    snprintf(path, sizeof path, "%.*s/%s", length ? (int)length : 1, length ? at : ".", word);
    if (is_program(path) == 0) return path;
    at += length + (at[length] == ':');
  }
  dprintf(3, "lookup ENOENT\n");
  _exit(127);
}

static void start(char **arguments) {
  const char *root = arguments[0], *directory = arguments[1], *emulator = arguments[4];
  char **words = arguments + 5;
  struct rlimit none = {0, 0};
  gid_t group = atoi(arguments[3]);
  uid_t user = atoi(arguments[2]);
  if (chroot(root) != 0 || chdir(directory) != 0) give_up("chroot");
  setrlimit(RLIMIT_CORE, &none);
  if (setgroups(0, 0) != 0 || setgid(group) != 0 || setuid(user) != 0) give_up("setuid");
  const char *path = look_up(words[0]);
  fcntl(3, F_SETFD, FD_CLOEXEC);
  if (strcmp(emulator, "-") == 0) {
    execve(path, words, environ);
  } else {
    char *all[MOST_WORDS + 5] = {"qemu", "-0", words[0], (char *)path};
    for (int at = 1; words[at] && at < MOST_WORDS; at += 1) all[at + 3] = words[at];
    execve(emulator, all, environ);
  }
  dprintf(3, "exec %s\n", strerrorname_np(errno));
  _exit(126);
}

int main(int count, char **arguments) {
  char proc[4096];
  int status;
  if (count < 7) return 2;
  if (unshare(CLONE_NEWNS) != 0) give_up("unshare");
  if (mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) != 0) give_up("mount");
  snprintf(proc, sizeof proc, "%s/proc", arguments[1]);
  if (mount("/proc", proc, 0, MS_BIND | MS_REC, 0) != 0) give_up("mount of proc");
  pid_t child = fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    setsid();
    start(arguments + 1);
  }
  for (int waited = 0; waitpid(child, &status, WNOHANG) == 0; waited += 1) {
    if (waited > 2500) {
      kill(-child, SIGKILL);
      dprintf(3, "timeout\n");
      return 0;
    }
    usleep(2000);
  }
  if (WIFSIGNALED(status)) dprintf(3, "signal %d\n", WTERMSIG(status));
  else dprintf(3, "exit %d\n", WEXITSTATUS(status));
  return 0;
}
