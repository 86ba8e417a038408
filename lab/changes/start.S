/*
 * A program's start with landing pads and the note for branches: those of Debian 12 have neither, and a linker keeps a bit of the note
 * only if all of its inputs have it. For glibc 2.34 and later, which runs constructors itself.
 */
	.text
	.globl _start
	.type _start, %function
_start:
	.cfi_startproc
#if defined __x86_64__
	.cfi_undefined rip
	endbr64
	xorl %ebp, %ebp
	movq %rdx, %r9
	popq %rsi
	movq %rsp, %rdx
	andq $-16, %rsp
	pushq %rax
	pushq %rsp
	xorl %r8d, %r8d
	xorl %ecx, %ecx
	movq main@GOTPCREL(%rip), %rdi
	call *__libc_start_main@GOTPCREL(%rip)
	hlt
#elif defined __aarch64__
	.cfi_undefined x30
	hint 34
	mov x29, 0
	mov x30, 0
	mov x5, x0
	ldr x1, [sp]
	add x2, sp, 8
	mov x6, sp
	mov x3, 0
	mov x4, 0
	adrp x0, :got:main
	ldr x0, [x0, :got_lo12:main]
	bl __libc_start_main
	bl abort
#endif
	.cfi_endproc
	.size _start, .-_start

/* What C++ registers destructors by. */
	.data
	.hidden __dso_handle
	.globl __dso_handle
	.balign 8
__dso_handle:
	.quad 0
	.section .note.GNU-stack, "", %progbits

/* NT_GNU_PROPERTY_TYPE_0 with FEATURE_1_AND, as compilers write it: IBT and SHSTK; BTI and PAC. */
	.section .note.gnu.property, "a"
	.balign 8
	.long 4, 16, 5
	.asciz "GNU"
#if defined __x86_64__
	.long 0xc0000002, 4, 3, 0
#elif defined __aarch64__
	.long 0xc0000000, 4, 3, 0
#endif
