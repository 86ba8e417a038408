/* As glibc's own loader in every libc.a: hidden functions of reserved names, which run before there is a canary. */
void _dl_read_sample(char *to, const char *from);
__attribute__((visibility("hidden"))) int _dl_map_sample(const char *path) {
  char header[832];
  _dl_read_sample(header, path);
  return header[4];
}
