// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include <guide/core/error.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    using namespace guide::app;
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
    add_simulate(app, exit_code);
    add_evaluate(app, exit_code);

    try {
        app.parse(argc, argv);
        std::cout.flush();
        if (!std::cout) {
            std::cerr << "guide: standard output: cannot be written\n";
            return kFailed;
        }
        return exit_code;
    } catch (const CLI::Success& success) {  // --help, --version
        return app.exit(success) == 0 ? kDone : kUsage;
    } catch (const CLI::ParseError& error) {
        std::cerr << "guide: " << error.what() << " (see guide --help)\n";
        return kUsage;
    } catch (const guide::IoError& error) {
        std::cerr << "guide: " << error.what() << '\n';
        return kFailed;
    } catch (const std::bad_alloc&) {
        std::cerr << "guide: not enough memory\n";
        return kFailed;
    } catch (const std::exception& error) {
        std::cerr << "guide: " << error.what() << '\n';
        return kFailed;
    }
}
