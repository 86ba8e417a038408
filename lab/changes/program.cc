/* The same work as C++, next to what C++ brings: virtual functions, exceptions, strings. */
#include <stdexcept>
#include <string>
#include <vector>
#include "work.h"

struct Step {
  virtual ~Step() = default;
  virtual int take(const std::string &text) const = 0;
};

struct Long : Step {
  int take(const std::string &text) const override {
    if (text.size() > 1000) throw std::length_error("too long");
    return work(text.c_str(), static_cast<int>(text.size()));
  }
};

struct Short : Step {
  int take(const std::string &text) const override { return more_work(text.substr(0, 3).c_str(), 1); }
};

int main(int count, char **words) {
  std::vector<std::string> texts(words, words + count);
  const Long longer;
  const Short shorter;
  int total = 0;
  for (const auto &text : texts) {
    const Step &step = text.size() > 3 ? static_cast<const Step &>(longer) : shorter;
    total += step.take(text);
  }
  return total == -1;
}
