/*
 * Starts each program that standard input names, one path a line, and stops it before its first instruction. Prints what
 * the kernel made of it: one line of JSON a program. Nothing of the program runs, and none of its loader.
 *
 * usage: start-stopped ROOT UID: as root the programs are started in ROOT by the user UID; otherwise where and as we are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { page = 4096, shown = 16, most_pages = 96 };

static void start(const char *path, const char *root, uid_t user, int report)
{
	char *const none[] = { "program", NULL };
	if (geteuid() == 0) {
		if (chroot(root) || chdir("/") || setgroups(0, NULL) || setgid(user) || setuid(user))
			_exit(99);
	}
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execve(path, none, none + 1);
	int why = errno;
	if (write(report, &why, sizeof why) != sizeof why)
		_exit(98);
	_exit(1);
}

static int opened(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return open(path, O_RDONLY);
}

/* The first bytes of the pages of one mapping: of a large one the first and the last. */
static void print_pages(int memory, uint64_t start, uint64_t end, int *first)
{
	uint64_t count = (end - start) / page;
	for (uint64_t index = 0; index < count; index++) {
		if (count > most_pages && index == most_pages / 2)
			index = count - most_pages / 2;
		uint64_t address = start + index * page;
		unsigned char bytes[shown];
		ssize_t got = pread(memory, bytes, shown, (off_t)address);
		printf("%s\"%llx\":", *first ? "" : ",", (unsigned long long)address);
		*first = 0;
		if (got != shown) {
			printf("null");
			continue;
		}
		putchar('"');
		for (int at = 0; at < shown; at++)
			printf("%02x", bytes[at]);
		putchar('"');
	}
}

static void print_process(pid_t pid)
{
	char path[64], line[8192];
	int memory = opened(pid, "mem"), vector = opened(pid, "auxv"), first = 1;
	unsigned char entry[16];
	printf(",\"auxv\":\"");
	while (read(vector, entry, 1) == 1)
		printf("%02x", entry[0]);
	printf("\",\"maps\":[");
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "r");
	while (maps && fgets(line, sizeof line, maps)) {
		line[strcspn(line, "\n")] = 0;
		printf("%s\"%s\"", first ? "" : ",", line);
		first = 0;
	}
	printf("],\"pages\":{");
	if (maps)
		rewind(maps);
	first = 1;
	while (maps && fgets(line, sizeof line, maps)) {
		unsigned long long from, to;
		if (strstr(line, "[v") || strstr(line, "[stack]") || sscanf(line, "%llx-%llx", &from, &to) != 2)
			continue;
		print_pages(memory, from, to, &first);
	}
	printf("}");
	if (maps)
		fclose(maps);
	close(memory);
	close(vector);
}

static void watch(const char *path, const char *root, uid_t user)
{
	int report[2], status, why = 0;
	if (pipe2(report, O_CLOEXEC))
		exit(2);
	pid_t pid = fork();
	if (pid == 0)
		start(path, root, user, report[1]);
	close(report[1]);
	waitpid(pid, &status, 0);
	/* A start that fails late ends in SIGSEGV, which stops it too. */
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) {
		printf("{\"started\":true");
		print_process(pid);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	} else {
		if (WIFSTOPPED(status)) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		if (read(report[0], &why, sizeof why) != sizeof why)
			why = 0;
		printf("{\"started\":false,\"errno\":%d,\"status\":%d", why, status);
	}
	close(report[0]);
	printf("}\n");
}

int main(int count, char **arguments)
{
	char path[4096];
	if (count != 3)
		return 2;
	while (fgets(path, sizeof path, stdin)) {
		path[strcspn(path, "\n")] = 0;
		watch(path, arguments[1], (uid_t)atoi(arguments[2]));
		fflush(stdout);
	}
	return 0;
}
