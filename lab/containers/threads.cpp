// Work that threads take from one queue.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

int main(int argc, char **) {
  std::queue<int> work;
  std::mutex lock;
  std::condition_variable more;
  std::vector<long> sums((std::size_t)argc + 2);
  std::vector<std::thread> threads;
  for (std::size_t at = 0; at < sums.size(); at++)
    threads.emplace_back([&, at] {
      for (;;) {
        std::unique_lock<std::mutex> held(lock);
        more.wait(held, [&] { return !work.empty(); });
        int next = work.front();
        work.pop();
        if (next < 0) return;
        sums[at] += next;
      }
    });
  for (int i = 0; i < 1000; i++) {
    std::lock_guard<std::mutex> held(lock);
    work.push(i < 900 ? i : -1);
    more.notify_one();
  }
  for (auto &thread : threads) thread.join();
  std::cout << sums.front() << ' ' << sums.back() << '\n';
}
