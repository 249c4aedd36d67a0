// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <guide/core/error.hpp>

#include <exception>
#include <new>

namespace guide::app {

Outcome run(const std::vector<std::string>& words) {
    CLI::App app(
        "Plans image-guided knee injections on ultrasound frames and radiographs.\n"
        "For training and research. This is not a medical device.");
    app.name("guide");
    app.set_version_flag("--version", "guide " GUIDE_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done; 1 a file or the machine failed; 2 wrong usage; 3 no answer, with the "
        "reason.");

    int exit_code = kDone;
    add_info(app, exit_code);
    add_segment(app, exit_code);
    add_plan(app, exit_code);
    add_track(app, exit_code);
    add_contrast(app, exit_code);
    add_register(app, exit_code);
    add_simulate(app, exit_code);
    add_evaluate(app, exit_code);
    add_batch(app, exit_code);
    add_lesson(app, exit_code);
    add_replay(app, exit_code);
    add_history(app, exit_code);

    try {
        app.parse(
            std::vector<std::string>(words.rbegin(), words.rend()));  // it takes them from the end
        return {exit_code, {}};
    } catch (const CLI::Success& success) {  // --help, --version
        return {app.exit(success) == 0 ? kDone : kUsage, {}};
    } catch (const CLI::ParseError& error) {
        return {kUsage, error.what()};
    } catch (const std::bad_alloc&) {
        return {kFailed, "not enough memory"};
    } catch (const std::exception& error) {  // IoError names path and cause
        return {kFailed, error.what()};
    }
}

}  // namespace guide::app
