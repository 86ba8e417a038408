/* What makes a relocatable object a kernel module: .modinfo and struct module. */
#define MODINFO __attribute__((section(".modinfo"), used))
static const char license[] MODINFO = "license=GPL";
static const char name[] MODINFO = "name=sample";
static const char magic[] MODINFO = "vermagic=6.6.0 SMP mod_unload ";
#ifdef RETPOLINE
static const char retpoline[] MODINFO = "retpoline=Y";
#endif
__attribute__((section(".gnu.linkonce.this_module"), used)) char this_module[64] = "sample";
int print(const char *text);
/* Enough functions with a buffer that it is no coincidence when none of them checks a canary. */
#define FILL(number) \
  int fill_##number(const char *text) { \
    char buffer[32 + number]; \
    int i = 0; \
    while (i < 32 && (buffer[i] = text[i])) i++; \
    return print(buffer); \
  }
FILL(1) FILL(2) FILL(3) FILL(4) FILL(5) FILL(6) FILL(7) FILL(8) FILL(9) FILL(10)
FILL(11) FILL(12) FILL(13) FILL(14) FILL(15) FILL(16) FILL(17) FILL(18) FILL(19) FILL(20)
int init_module(void) { return fill_1(name); }
