#include <cstdio>
#include <string>
#include <vector>

using Lines = std::vector<std::string>;

__attribute__((noinline)) static int at(const Lines &lines, std::size_t index) {
  return lines[index][0] + lines.back().front();
}

#ifdef FEW
int main(int count, char **) {
  std::vector<int> numbers;
  for (int i = 0; i < count; i++) numbers.push_back(i);
  return std::printf("%zu\n", numbers.size()) < 0;
}
#else
int main(int count, char **arguments) {
  Lines lines;
  std::vector<int> numbers;
  lines.reserve(count);
  for (int i = 0; i < count; i++) lines.push_back(arguments[i]);
  for (int i = 0; i < count; i++) numbers.push_back(i);
  numbers.resize(numbers.size() * 2);
  return std::printf("%d %d\n", at(lines, count - 1), numbers[count]) < 0;
}
#endif
