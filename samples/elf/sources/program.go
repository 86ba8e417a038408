// A Go program without fmt, which would triple its size.
package main

func main() {
	println("sample")
}
