// A program of Go with C code in it.
package main

// #include <stdlib.h>
// #include "work.h"
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

func main() {
	for number, word := range os.Args {
		text := C.CString(word)
		fmt.Println(C.work(text, C.int(number)) + C.more_work(text, C.int(number)))
		C.free(unsafe.Pointer(text))
	}
}
