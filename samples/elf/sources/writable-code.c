/* A section that is writable and executable, as careless just-in-time compilers have one. The # hides the compiler's own flags. */
__attribute__((section(".jit,\"awx\",@progbits#"))) unsigned char jit[64] = {0xc3};
int main(void) { return jit[1]; }
