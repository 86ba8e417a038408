#include <algorithm>
#include <bit>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>
int main() {
  std::map<std::string, double> counts;
  std::vector<std::uint64_t> bits;
  for (int i = 0; i < 2000; i++) {
    counts["w" + std::to_string(i * i % 97)] += i * 0.5;
    bits.push_back(i * 0x9e3779b97f4a7c15ull);
  }
  std::sort(bits.begin(), bits.end());
  double sum = 0;
  int ones = 0;
  for (auto &[word, count] : counts) sum += count / word.size();
  for (auto each : bits) ones += __builtin_popcountll(each);
  std::cout << sum << ' ' << ones << '\n';
}
