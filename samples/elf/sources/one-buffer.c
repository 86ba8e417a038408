/* One function, whose frame is too wide for anything but a buffer. */
void fill(char *to, const char *from);
int length_of(const char *text) {
  char buffer[1000];
  int length = 0;
  fill(buffer, text);
  while (buffer[length] != 0) length++;
  return length;
}
