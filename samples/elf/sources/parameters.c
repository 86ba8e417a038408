/*
 * Takes the addresses of parameters, for which no level of -fstack-protector but -all protects a function: nothing in
 * an object file tells them from the addresses of local variables.
 */
int read_number(const char **text);
int read_all(const char *text, int count) {
  int sum = 0;
  while (count-- > 0) sum += read_number(&text);
  return sum;
}
int read_twice(const char *text) { return read_number(&text) + read_number(&text); }
