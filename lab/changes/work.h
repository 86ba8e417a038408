/* From C in any case: the compiler of the program is another one where it is C++. */
#ifdef __cplusplus
extern "C" {
#endif
int work(const char *text, int number);
int more_work(const char *text, int number);
#ifdef __cplusplus
}
#endif
