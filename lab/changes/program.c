#include "work.h"
int main(int count, char **words) { return work(words[0], count) + more_work(words[0], count) == -1; }
