// Matrices of any type: a library that is its headers alone.
#pragma once
#include <stdexcept>
#include <vector>

template <typename T> class Matrix {
  std::vector<T> cells;
  std::size_t columns;

public:
  Matrix(std::size_t rows, std::size_t columns) : cells(rows * columns), columns(columns) {}
  std::size_t rows() const { return cells.size() / columns; }
  T &operator()(std::size_t row, std::size_t column) { return cells[row * columns + column]; }
  const T &operator()(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
  void append(const std::vector<T> &row) {
    if (row.size() != columns) throw std::invalid_argument("another width");
    cells.insert(cells.end(), row.begin(), row.end());
  }
  Matrix operator*(const Matrix &other) const {
    Matrix product(rows(), other.columns);
    for (std::size_t i = 0; i < rows(); i++)
      for (std::size_t j = 0; j < other.columns; j++)
        for (std::size_t k = 0; k < columns; k++) product(i, j) += (*this)(i, k) * other(k, j);
    return product;
  }
};
