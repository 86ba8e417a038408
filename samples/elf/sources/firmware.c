/* Of a microcontroller: it writes to its devices, and nothing is under it. */
#define REGISTER(address) (*(volatile unsigned *)(address))

static unsigned count;

__attribute__((noinline)) static void wait(unsigned rounds) {
  char shown[32];
  for (unsigned i = 0; i < sizeof shown; i++) ((volatile char *)shown)[i] = (char)(rounds + i);
  while (rounds-- > 0) count += shown[rounds & 31];
}

void _start(void) {
#ifdef SUPERVISOR_CALL
  __asm__ volatile("svc 0");
#endif
  for (;;) {
    REGISTER(0x40020014) ^= 1u << 5;
    wait(100000);
  }
}
