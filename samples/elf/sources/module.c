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
static int fill(const char *text) {
  char buffer[32];
  int i = 0;
  while (i < 32 && (buffer[i] = text[i])) i++;
  return print(buffer);
}
int init_module(void) { return fill(name); }
