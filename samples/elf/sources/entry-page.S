/* A program whose start lies in the page in which its data begin, where pages are larger than 4 KiB. */
        .text
        .globl _start
_start: mov     x0, #0
        mov     x8, #93
        svc     #0
        .data
        .quad   1
        .section .note.GNU-stack, "", %progbits
