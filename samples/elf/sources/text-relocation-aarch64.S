/* A pointer kept between instructions, as hand-written assembly has it: the loader must patch the code page. */
	.text
	.globl	pointer_in_code
	.type	pointer_in_code, %function
pointer_in_code:
	ldr	x0, 0f
	ret
	.balign	8
0:	.quad	outside
	.size	pointer_in_code, . - pointer_in_code
	.section .note.GNU-stack, "", %progbits
