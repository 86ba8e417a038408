/* Calls Linux by an instruction that it makes first: nothing in the file shows the call. */
        .section .wcode, "awx", @progbits
        .globl _start
_start: mov     $60, %eax
        xor     %edi, %edi
        lea     1f(%rip), %rcx
        movb    $0x0e, (%rcx)
        incb    (%rcx)
        movb    $0x04, 1(%rcx)
        incb    1(%rcx)
        jmp     1f
1:      nop
        nop
        .section .note.GNU-stack, "", @progbits
