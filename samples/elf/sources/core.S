/* The shape of a core dump: one note of the dumped process and one piece of its memory. core.ld lays it out. */
	.section .note.core, "a", %note
	.long	5, 4, 3		/* name size, description size, NT_PRPSINFO */
	.asciz	"CORE"
	.balign	4
	.long	0
	.section .memory, "aw"
	.fill	256
