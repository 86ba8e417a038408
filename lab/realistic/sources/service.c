/* A small service: it answers lines on a socket. Its buffers are what a stack protector and FORTIFY watch. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int answer(int connection) {
  char line[256], name[64];
  ssize_t length = read(connection, line, sizeof line - 1);
  if (length <= 0) return -1;
  line[length] = 0;
  if (sscanf(line, "HELLO %63s", name) == 1) {
    char text[128];
    snprintf(text, sizeof text, "hello %s\n", name);
    if (write(connection, text, strlen(text)) < 0) return -1;
  } else {
    char *copy = malloc((size_t)length + 1);
    if (copy == NULL) return -1;
    strcpy(copy, line);
    puts(copy);
    free(copy);
  }
  return 0;
}

int main(int count, char **words) {
  struct sockaddr_in address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)(count > 1 ? atoi(words[1]) : 9000));
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) return perror("bind"), 1;
  listen(listener, 5);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    answer(connection);
    close(connection);
  }
}
