// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/session/record.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <fstream>
#include <sstream>

namespace guide::test {

using namespace guide::session;

Lesson small_lesson(Goal goal) {
    Lesson lesson;
    lesson.id = "small";
    lesson.title = "A large effusion";
    lesson.task = "For tests.";
    lesson.goal = goal;
    lesson.knee.view = View::suprapatellar_transverse;
    lesson.knee.knee.effusion_mm = 10;
    lesson.knee.knee.synovium_mm = 2;
    lesson.knee.knee.seed = 24;
    lesson.knee.scanner.width_mm = 38.4;
    lesson.knee.scanner.depth_mm = 30;
    lesson.knee.scanner.looks = 1;
    lesson.approaches = {"superolateral"};
    lesson.needles = {"22G:75mm", "22G:50mm"};
    lesson.reach = {3, 3, 0, 0, 0};
    lesson.par_s = 30;
    return read_lesson(lesson_json(lesson)).value();  // as a file would have it
}

LessonRun run_of(const Lesson& lesson, int threads) {
    auto run = LessonRun::make(lesson, {threads, {}});
    if (!run) FAIL(run.error().text);
    return *std::move(run);
}

PlaceNeedle into_the_fluid(const LessonRun& run) {
    const Anatomy anatomy = run.truth();
    REQUIRE(anatomy.joint_space);
    const PixelPoint target = anatomy.joint_space->target;
    const Eigen::Vector3d point =
        run.state().patient_from_probe.inverse() *
        simulate::patient_point(run.scanner(), run.state().patient_from_probe, target);
    return {point.x(), point.y(), point.z(), 15, 0};
}

std::string text_of(const Log& log) {
    const TemporaryFolder folder;
    Recorder recorder(folder.path() / "log", log.lesson);
    REQUIRE(recorder.update(log));
    return content_of(folder.path() / "log");
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    REQUIRE(stream);
    return std::move(text).str();
}

}  // namespace guide::test
