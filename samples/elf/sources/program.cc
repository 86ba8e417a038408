// C++ with exceptions, a container with checks and a stack buffer.
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace {
struct Reader {
  virtual ~Reader() = default;
  virtual int read(const char *text) {
    char buffer[32];
    std::strcpy(buffer, text);
    if (buffer[0] == '!') throw std::runtime_error(buffer);
    return buffer[1];
  }
};
}  // namespace

int main(int count, char **words) {
  std::vector<int> seen;
  Reader reader;
  try {
    for (int i = 0; i < count; ++i) seen.push_back(reader.read(words[i]));
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
  return seen[0] == 0;
}
