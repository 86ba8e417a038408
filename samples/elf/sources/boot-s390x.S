/* As boot code of s390x that linkers make a position-independent program of: it clears its memory, and writes where the hardware looks. */
        .text
        .globl _start, table
_start: larl    %r2,table
        larl    %r3,end
        slgr    %r3,%r2
        ltgr    %r3,%r3
        jz      2f
        aghi    %r3,-1
        srlg    %r4,%r3,8
        ltgr    %r4,%r4
        lgr     %r1,%r2
        jz      1f
0:      xc      0(256,%r1),0(%r1)
        la      %r1,256(%r1)
        brctg   %r4,0b
1:      larl    %r2,3f
        ex      %r3,0(%r2)
2:      larl    %r2,4f
        mvc     464(16,%r0),0(%r2)
        j       2b
3:      xc      0(1,%r1),0(%r1)
4:      .quad   0, 0
        .data
        .type   table, @object
        .size   table, 8
table:  .quad   table
        .size   table, 8
end:
        .section .note.GNU-stack, "x", @progbits
