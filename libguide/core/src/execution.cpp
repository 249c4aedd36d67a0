// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace guide {
namespace {

/// How often a thread looks for the next pass before it sleeps: passes of one filter follow each
/// other within microseconds, and waking a sleeper takes longer than that.
constexpr int kLooks = 4000;

template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i < kLooks; ++i) {
        if (condition()) return true;
        if (i % 64 == 63) std::this_thread::yield();
    }
    return false;
}

}  // namespace

/// One pass over the rows: bands are taken in turn by whoever is free.
struct Workers::Pass {
    const std::function<void(int, int)>& work;
    const std::stop_token& stop;
    int rows, band_rows, bands;
    std::atomic<int> next{0};
    std::vector<std::exception_ptr> errors{};

    void drain() {
        for (int band = next++; band < bands; band = next++) {
            if (stop.stop_requested()) return;
            try {
                const int begin = band * band_rows;
                work(begin, begin + std::min(band_rows, rows - begin));
            } catch (...) {
                errors[static_cast<std::size_t>(band)] = std::current_exception();
            }
        }
    }
};

/// The other threads. A pass is open while `pass` is set; those that came in time work at it, and
/// nobody waits for one that slept.
struct Workers::Team {
    std::mutex mutex;
    std::condition_variable opened, left;
    Pass* pass = nullptr;           // under the mutex
    std::atomic<int> number{0};     // of passes opened; written under the mutex
    std::atomic<int> inside{0};     // written under the mutex
    std::atomic<bool> over{false};  // written under the mutex
    std::vector<std::jthread> threads;

    ~Team() {
        {
            const std::lock_guard lock(mutex);
            over = true;
        }
        opened.notify_all();
    }

    void run() {
        int seen = 0;
        while (true) {
            soon([&] { return number != seen || over; });
            std::unique_lock lock(mutex);
            opened.wait(lock, [&] { return number != seen || over; });
            if (over) return;
            seen = number;
            if (pass == nullptr) continue;
            ++inside;
            Pass& mine = *pass;
            lock.unlock();
            mine.drain();
            lock.lock();
            if (--inside == 0) left.notify_all();
        }
    }

    void open(Pass& next) {
        {
            const std::lock_guard lock(mutex);
            pass = &next;
            ++number;
        }
        opened.notify_all();
    }

    void close() {
        std::unique_lock lock(mutex);
        pass = nullptr;
        if (inside == 0) return;
        lock.unlock();
        soon([&] { return inside == 0; });
        lock.lock();
        left.wait(lock, [&] { return inside == 0; });
    }
};

Workers::Workers(const Execution& execution) : execution_(execution) {
    require(execution.threads >= 0, "Workers", "threads is not negative");
    if (execution_.threads == 0) {
        execution_.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    }
}

Workers::~Workers() = default;

void Workers::start(int threads) {
    if (!team_ && threads > 1) team_ = std::make_unique<Team>();
    while (team_ && static_cast<int>(team_->threads.size()) + 1 < threads) {
        team_->threads.emplace_back([team = team_.get()] { team->run(); });
    }
}

void Workers::for_each_band(int rows, int band_rows, const std::function<void(int, int)>& work) {
    require(band_rows > 0, "for_each_band", "band_rows is positive");
    if (rows <= 0) return;
    const int bands = (rows - 1) / band_rows + 1;
    Pass pass{work, execution_.stop, rows, band_rows, bands};
    pass.errors.resize(static_cast<std::size_t>(bands));
    start(std::min(bands, execution_.threads));
    if (team_ && bands > 1) {
        team_->open(pass);
        pass.drain();
        team_->close();
    } else {
        pass.drain();
    }
    for (const auto& error : pass.errors) {
        if (error) std::rethrow_exception(error);
    }
    if (execution_.stop.stop_requested()) throw Stopped{};
}

void for_each_band(const Execution& execution, int rows, int band_rows,
                   const std::function<void(int, int)>& work) {
    Workers(execution).for_each_band(rows, band_rows, work);
}

void for_each_band(const Execution& execution, int rows,
                   const std::function<void(int, int)>& work) {
    for_each_band(execution, rows, 64, work);
}

}  // namespace guide
