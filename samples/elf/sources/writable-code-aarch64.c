/* A section that is writable and executable; // hides the compiler's own flags from the assembler. */
__attribute__((section(".jit,\"awx\",@progbits//"))) unsigned char jit[64] = {0xc0, 0x03, 0x5f, 0xd6};
int main(void) { return jit[5]; }
