/*
 * Calls only functions whose checked variant depends on what the compiler knows of the object's size, and it
 * knows nothing here: the plain names prove neither that FORTIFY was on nor that it was off.
 */
#include <string.h>
void *sized_copy(void *to, const void *from, size_t length) { return memcpy(to, from, length); }
int main(int count, char **words) {
  sized_copy(words[0], words[count - 1], strlen(words[count - 1]));
  return 0;
}
