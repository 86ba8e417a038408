// Settings that may be missing: `name=value`, with numbers where they are some.
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

static std::optional<std::string_view> after(std::string_view word, char mark) {
  auto at = word.find(mark);
  if (at == word.npos) return std::nullopt;
  word.remove_prefix(at + 1);
  return word;
}

int main(int argc, char **argv) {
  std::map<std::string, std::variant<int, std::string>> settings;
  for (int i = 1; i < argc; i++) {
    auto value = after(argv[i], '=');
    int number = 0;
    if ((*value)[0] == '-' || std::from_chars(value->begin(), value->end(), number).ec != std::errc())
      settings[argv[i]] = std::string(*value);
    else
      settings[argv[i]] = number;
  }
  for (auto &[name, value] : settings) std::printf("%s %zu\n", name.c_str(), value.index());
}
