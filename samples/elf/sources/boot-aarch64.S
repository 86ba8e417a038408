/* Asks for its exception level, which only a kernel or firmware may do. */
        .text
        .globl _start
_start: b       reset
        .quad   0
reset:  mrs     x0, CurrentEL
        cmp     x0, #8
        b.eq    1f
        msr     sctlr_el1, xzr
1:      wfi
        b       1b
        .section .note.GNU-stack, "", %progbits
