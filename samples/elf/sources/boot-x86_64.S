/* As start code of x86 firmware: its table of segments is its own. */
        .text
        .globl _start
_start: mov     %rsp, %rdi
        call    prepare
        hlt
prepare:
        lgdt    table(%rip)
        ret
table:  .word   23
        .quad   0
        .section .note.GNU-stack, "", @progbits
