/* Needs library.c's library. */
const char *library_message(int number);
int main(int count, char **words) {
  (void)words;
  return library_message(count) == 0;
}
