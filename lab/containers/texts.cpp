// Lines with a number in front, cut to a width.
#include <iostream>
#include <string>

static std::string cut(std::string line, std::size_t width) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  for (std::size_t i = 0; i < line.size(); i++)
    if (line[i] == '\t') line[i] = ' ';
  return line.size() > width ? line.substr(0, width) + "..." : line;
}

int main() {
  std::string line;
  for (int number = 1; std::getline(std::cin, line); number++)
    std::cout << std::to_string(number) + ": " + cut(line, 72) << '\n';
}
