/* Calls the function of stack-note-missing*.S. */
int one(void);
int main(void) { return one() - 1; }
