// Primes by a sieve of bits, and words that are sets of letters.
#include <bitset>
#include <iostream>
#include <list>
#include <set>
#include <string>
#include <vector>

int main(int argc, char **argv) {
  std::vector<bool> composite((std::size_t)argc * 1000);
  std::list<std::size_t> primes;
  for (std::size_t i = 2; i < composite.size(); i++) {
    if (composite[i]) continue;
    primes.push_back(i);
    for (std::size_t k = i * i; k < composite.size(); k += i) composite[k] = true;
  }
  std::set<unsigned long> words;
  for (int i = 1; i < argc; i++) {
    std::bitset<256> letters;
    for (char c : std::string(argv[i])) letters[(unsigned char)c] = true;
    words.insert((letters << 64 >> 192).to_ulong());
  }
  std::cout << primes.back() << ' ' << primes.front() << ' ' << words.size() << '\n';
}
