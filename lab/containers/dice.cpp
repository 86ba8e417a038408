// Random throws: the standard library's own algorithms check what they are given.
#include <array>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

int main(int argc, char **argv) {
  std::mt19937 source(argc > 1 ? (unsigned)std::stoul(argv[1]) : 1u);
  std::uniform_int_distribution<int> die(argc, argc + 5);
  std::normal_distribution<double> error(0, argc * 0.1);
  std::array<int, 6> seen{};
  std::vector<double> sums;
  for (int i = 0; i < 1000; i++) {
    seen[(std::size_t)(die(source) - argc)]++;
    sums.push_back(std::accumulate(seen.begin(), seen.end(), error(source)));
  }
  std::cout << sums[sums.size() / 2] << ' ' << seen[0] << '\n';
}
