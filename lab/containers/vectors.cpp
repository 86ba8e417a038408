// Readings that are sorted, and their median and largest gap.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char **argv) {
  std::vector<double> readings;
  for (int i = 1; i < argc; i++) readings.push_back(std::atof(argv[i]));
  std::sort(readings.begin(), readings.end());
  double gap = 0;
  for (std::size_t i = 1; i < readings.size(); i++) gap = std::max(gap, readings[i] - readings[i - 1]);
  std::printf("%f %f %f\n", readings[readings.size() / 2], gap, readings.back());
}
