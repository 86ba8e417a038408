// A program of a library that is its headers alone.
#include "matrices.hpp"
#include <complex>
#include <iostream>

template <typename T> static void multiply(T first) {
  Matrix<T> a(0, 2), b(2, 2);
  a.append({first, first});
  a.append({first, first + first});
  b(0, 1) = first;
  std::cout << (a * b)(1, 1) << '\n';
}

int main(int argc, char **) {
  multiply(argc);
  multiply(argc * 0.5);
  multiply(std::complex<float>(1, (float)argc));
}
