// SPDX-License-Identifier: Apache-2.0
#include "private_x_server.hpp"

#include <guide/core/error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

namespace guide::render {
namespace {

using Clock = std::chrono::steady_clock;

// Fixed places, so that nobody's PATH decides what is run.
std::string find_xvfb() {
    for (const char* path : {"/usr/bin/Xvfb", "/usr/local/bin/Xvfb", "/usr/X11R6/bin/Xvfb"}) {
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) return path;
    }
    throw RenderError("xvfb", "Xvfb is not installed");
}

struct Pipe {
    int read_end = -1, write_end = -1;

    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw RenderError("xvfb", std::string("no pipe: ") + std::strerror(errno));
        }
        read_end = ends[0];
        write_end = ends[1];
    }
    ~Pipe() {
        close(read_end);
        if (write_end >= 0) close(write_end);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void close_write_end() {
        close(write_end);
        write_end = -1;
    }
};

// Xvfb writes the number of the display it took and a newline when it is ready.
std::string read_display_number(int fd, double timeout_s) {
    const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s);
    std::string number;
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{fd, POLLIN, 0};
        const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) throw RenderError("xvfb", "Xvfb did not start in time");
        char c = 0;
        const ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) throw RenderError("xvfb", "Xvfb ended at once");
        if (c == '\n') break;
        number += c;
    }
    if (number.empty() || number.size() > 9) {
        throw RenderError("xvfb", "Xvfb reported no display");
    }
    return number;
}

}  // namespace

PrivateXServer::PrivateXServer(double timeout_s, const std::string& screen) {
    const std::string program = find_xvfb();
    Pipe report;
    constexpr int kReportFd = 3;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, report.write_end, kReportFd);

    std::array<std::string, 9> words{program, "-displayfd", "3",   "-screen",   "0",
                                     screen,  "-nolisten",  "tcp", "-terminate"};
    std::array<char*, 10> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i)
        arguments[i] = words[i].data();
    std::string path = "PATH=/usr/bin:/bin";  // Xvfb runs xkbcomp by the shell
    std::array<char*, 2> environment{path.data(), nullptr};
    const int failed = posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(),
                                   environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        process_ = -1;
        throw RenderError("xvfb", std::string("Xvfb cannot be run: ") + std::strerror(failed));
    }
    report.close_write_end();
    try {
        display_ = ':';
        display_ += read_display_number(report.read_end, timeout_s);
    } catch (...) {
        stop();
        throw;
    }
}

PrivateXServer::~PrivateXServer() {
    stop();
}

void PrivateXServer::stop() noexcept {
    if (process_ <= 0) return;
    kill(process_, SIGTERM);
    const auto deadline = Clock::now() + std::chrono::seconds(2);
    while (waitpid(process_, nullptr, WNOHANG) == 0) {
        if (Clock::now() > deadline) {
            kill(process_, SIGKILL);
            waitpid(process_, nullptr, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    process_ = -1;
}

}  // namespace guide::render
