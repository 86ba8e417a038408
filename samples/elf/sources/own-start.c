/* A program of its own, without start files: its entry point is a function of C, which compilers mark like any other. */
#ifdef __aarch64__
#define LEAVE(code) __asm__ volatile("mov x8, #93\n\tmov x0, %0\n\tsvc #0" ::"r"((long)(code)) : "x0", "x8")
#else
#define LEAVE(code) __asm__ volatile("syscall" ::"a"(60), "D"(code))
#endif

int step(int x) { return x + 1; }

void _start(void) {
  int (*volatile called)(int) = step;
  LEAVE(called(-1));
  __builtin_unreachable();
}
