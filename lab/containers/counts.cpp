// How often each word occurs, the most frequent first.
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

int main() {
  std::unordered_map<std::string, int> counts;
  std::map<int, std::vector<std::string>> words;
  for (std::string word; std::cin >> word;) counts[word]++;
  for (const auto &[word, count] : counts) words[-count].push_back(word);
  for (auto &[count, of] : words) {
    std::sort(of.begin(), of.end());
    std::cout << -count << ' ' << of.front() << ' ' << of[of.size() - 1] << '\n';
  }
}
