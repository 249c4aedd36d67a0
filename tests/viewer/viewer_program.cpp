// SPDX-License-Identifier: Apache-2.0
#include "viewer_program.hpp"

#include <fcntl.h>
#include <private_x_server.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>

namespace guide::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words_for(const fs::path& folder, const std::string& name,
                                   const std::string& display,
                                   const std::vector<std::string>& environment,
                                   const std::vector<std::string>& options) {
    std::vector<std::string> words{"-C", folder, "DISPLAY=" + display,
                                   "XDG_CONFIG_HOME=" + folder.string(),
                                   "XDG_RUNTIME_DIR=" + folder.string()};
    words.insert(words.end(), environment.begin(), environment.end());
    const auto script = fs::path(GUIDE_VIEWER_SCRIPTS) / name;  // or a whole path
    words.insert(words.end(), {GUIDE_VIEWER, "--script", script.string(), "--training",
                               (folder / "training").string()});
    words.insert(words.end(), options.begin(), options.end());
    return words;
}

// A server that picks its display by itself: xvfb-run guesses one, and two at once may agree.
constexpr const char* kScreen = "2600x1500x24";

}  // namespace

bool has_display_server() {
    return fs::exists("/usr/bin/Xvfb");
}

ProgramResult play(const fs::path& folder, const std::string& name,
                   const std::vector<std::string>& environment,
                   const std::vector<std::string>& options) {
    const render::PrivateXServer screen(30, kScreen);
    return run_program("/usr/bin/env",
                       words_for(folder, name, screen.display(), environment, options));
}

struct Playing::State {
    render::PrivateXServer screen{30, kScreen};
    fs::path errors;
    pid_t process = -1;
    std::optional<int> status;

    [[nodiscard]] bool ended() {
        int now = 0;
        if (!status && ::waitpid(process, &now, WNOHANG) == process) status = now;
        return status.has_value();
    }
};

Playing::Playing(const fs::path& folder, const std::string& name,
                 std::optional<std::uintmax_t> most_bytes)
    : state_(std::make_unique<State>()) {
    state_->errors = folder / (name + ".err");
    const auto words = words_for(folder, name, state_->screen.display(), {}, {});
    std::vector<char*> arguments;
    std::string env = "/usr/bin/env";
    arguments.push_back(env.data());
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const std::string errors = state_->errors.string();
    state_->process = ::fork();
    if (state_->process < 0) throw std::runtime_error("cannot fork");
    if (state_->process == 0) {
        const int file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        ::dup2(file, 2);
        if (most_bytes) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit full{static_cast<rlim_t>(*most_bytes), static_cast<rlim_t>(*most_bytes)};
            ::setrlimit(RLIMIT_FSIZE, &full);
        }
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
}

Playing::~Playing() {
    if (state_->ended()) return;
    kill();
    (void)exit_code();
}

bool Playing::waits_for(const fs::path& file) const {
    using namespace std::chrono_literals;
    for (int i = 0; i < 600; ++i) {
        if (fs::exists(file)) return true;
        if (state_->ended()) return false;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

void Playing::kill() const {
    ::kill(state_->process, SIGKILL);
}

int Playing::exit_code() {
    if (!state_->status) {
        int now = 0;
        ::waitpid(state_->process, &now, 0);
        state_->status = now;
    }
    const int status = *state_->status;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Playing::errors() const {
    std::ifstream stream(state_->errors);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace guide::test
