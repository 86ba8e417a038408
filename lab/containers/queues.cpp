// A breadth-first walk through a maze that is read from the input.
#include <deque>
#include <iostream>
#include <queue>
#include <string>
#include <utility>
#include <vector>

int main() {
  std::vector<std::string> maze;
  for (std::string line; std::getline(std::cin, line);) maze.push_back(line);
  std::deque<std::pair<int, int>> open{{0, 0}};
  std::priority_queue<int> distances;
  while (!open.empty()) {
    auto [row, column] = open.front();
    open.pop_front();
    if (row < 0 || row >= (int)maze.size() || column < 0 || column >= (int)maze[row].size()) continue;
    if (maze[row][column] != '.') continue;
    maze[row][column] = '#';
    distances.push(row + column);
    for (int step : {-1, 1}) {
      open.push_back({row + step, column});
      open.push_back({row, column + step});
    }
  }
  std::cout << distances.size() << ' ' << distances.top() << '\n';
}
