/* Assembly without .note.GNU-stack. */
	.text
	.globl	one
	.type	one, %function
one:
	mov	w0, #1
	ret
	.size	one, . - one
