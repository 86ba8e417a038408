// Lines of a log that match an expression, and what it captures.
#include <iostream>
#include <regex>
#include <string>
#include <vector>

int main(int argc, char **argv) {
  const std::regex expression(argc > 1 ? argv[1] : "(\\d+)-(\\w+): (.*)");
  std::vector<std::string> captured;
  std::smatch match;
  for (std::string line; std::getline(std::cin, line);)
    if (std::regex_search(line, match, expression)) captured.push_back(match[match.size() - 1]);
  for (const auto &each : captured) std::cout << each << '\n';
  std::cout << captured.back() << '\n';
}
