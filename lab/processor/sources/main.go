package main

import (
	"fmt"
	"math"
	"math/bits"
	"sort"
)

func main() {
	numbers := make([]uint64, 3000)
	sum, ones := 0.0, 0
	for i := range numbers {
		numbers[i] = uint64(i) * 0x9e3779b97f4a7c15
		sum = math.FMA(sum, 0.5, math.Sqrt(float64(i)))
		ones += bits.OnesCount64(numbers[i])
	}
	sort.Slice(numbers, func(a, b int) bool { return numbers[a] < numbers[b] })
	fmt.Println(sum, ones, numbers[7])
}
