/* Assembly without .note.GNU-stack: the GNU linker then asks for an executable stack for the whole program. */
	.text
	.globl	one
	.type	one, @function
one:
	mov	$1, %eax
	ret
	.size	one, . - one
