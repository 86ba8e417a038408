/* A whole static program without any libc, for x86-64 and aarch64. */
static volatile int seed;
__attribute__((noinline)) static int fill(int count) {
  char buffer[24];
  for (int i = 0; i < count && i < 24; i++) buffer[i] = (char)i;
  __asm__ volatile("" : : "r"(buffer) : "memory");
  return buffer[seed & 7];
}
__attribute__((noreturn)) static void leave(long code) {
#if defined(__x86_64__)
  __asm__ volatile("syscall" : : "a"(60L), "D"(code));
#elif defined(__aarch64__)
  register long x0 __asm__("x0") = code;
  register long x8 __asm__("x8") = 93;
  __asm__ volatile("svc 0" : : "r"(x0), "r"(x8));
#endif
  __builtin_unreachable();
}
__attribute__((used)) static void begin(void) { leave(fill(8) > 100); }
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call begin\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n  mov x29, #0\n  bl begin\n");
#endif
