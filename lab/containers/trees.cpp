// A tree that owns its nodes, and shared values in it.
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

struct Node {
  std::shared_ptr<std::string> name;
  std::vector<std::unique_ptr<Node>> children;
};

static std::size_t depth(const Node &node) {
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < node.children.size(); i++)
    deepest = std::max(deepest, depth(*node.children[i]));
  return deepest + 1;
}

int main() {
  Node root{std::make_shared<std::string>("/"), {}};
  for (std::string line; std::getline(std::cin, line);) {
    Node *at = &root;
    for (char c : line) {
      if (c == '/' || at->children.empty()) at->children.push_back(std::make_unique<Node>());
      at = at->children.back().get();
      if (!at->name) at->name = std::make_shared<std::string>();
      at->name->push_back(c);
    }
  }
  std::cout << depth(root) << ' ' << *root.children.front()->name << '\n';
}
