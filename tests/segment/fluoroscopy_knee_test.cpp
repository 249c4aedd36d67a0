// SPDX-License-Identifier: Apache-2.0
//
// Knees from in front and from the side, the leg in any direction, wires across it.
#include "support/turned_fluoroscopy.hpp"

#include <guide/anatomy/anatomy.hpp>
#include <guide/geometry/polygon.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace guide;

bool has_note(const Anatomy& anatomy, const std::string& code) {
    return std::ranges::any_of(anatomy.notes, [&](const Reason& n) { return n.code == code; });
}

/// A bent knee from the side, the leg lying, with wires across it.
const test::TurnedFluoroscopy& lying_knee() {
    static const auto made = test::turned_fluoroscopy(
        {.seed = 3, .flexion_deg = 40, .roll_deg = 110, .from_the_side = true, .wires = true});
    return made;
}

/// How far the found target lies from where the middle of the joint is seen, mm.
double off_mm(const test::TurnedFluoroscopy& made, const Anatomy& found) {
    const PixelPoint target = found.joint_space->target;
    return std::hypot(target.x - made.centre.x, target.y - made.centre.y) * made.mm_per_pixel;
}

Frame read_grey(const std::filesystem::path& file, Modality modality) {
    const cv::Mat1b grey = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    REQUIRE_FALSE(grey.empty());
    Frame frame;
    frame.modality = modality;
    frame.display_high = 255;
    frame.intensity = Image<float>(grey.cols, grey.rows);
    for (int y = 0; y < grey.rows; ++y)
        std::copy_n(grey[y], grey.cols, frame.intensity.row(y));
    return frame;
}

}  // namespace

TEST_CASE("fluoroscopy: a bent knee from the side, lying, with wires across it") {
    const auto& made = lying_knee();
    const Anatomy found = segment::find_anatomy(made.frame, {});
    REQUIRE(found.joint_space);
    CHECK(found.view == View::xray_lateral);
    CHECK(has_note(found, "view-recognised"));
    CHECK(off_mm(made, found) < 8);
    CHECK_FALSE(found.joint_space->widths);
    REQUIRE(found.bones.size() == 2);
    CHECK(found.bones[0].points.size() == found.bones[1].points.size());
    for (const auto& contour : found.joint_space->contours)
        CHECK(std::abs(polygon_area(contour)) > 0);
}

TEST_CASE("fluoroscopy: a knee from in front, upside down and askew") {
    const auto made = test::turned_fluoroscopy({.seed = 5, .flexion_deg = 8, .roll_deg = -140});
    const Anatomy found = segment::find_anatomy(made.frame, {});
    REQUIRE(found.joint_space);
    CHECK(found.view == View::xray_ap);
    CHECK(found.joint_space->widths);
    // The tibia's edge lies on the tibia's side of the femur's: towards the feet.
    const auto &femur = found.bones[0].points, &tibia = found.bones[1].points;
    const auto middle = femur.size() / 2;
    const double down = (tibia[middle].x - femur[middle].x) * made.distal.x +
                        (tibia[middle].y - femur[middle].y) * made.distal.y;
    CHECK(down > 0);
}

TEST_CASE("fluoroscopy: the view that is stated is the one looked for") {
    const auto& made = lying_knee();
    const Anatomy from_the_side = segment::find_anatomy(made.frame, {View::xray_lateral});
    CHECK(from_the_side.joint_space);
    const Anatomy from_in_front = segment::find_anatomy(made.frame, {View::xray_ap});
    REQUIRE_FALSE(from_in_front.joint_space);
    CHECK(from_in_front.joint_space.error().code == "no-knee");
}

TEST_CASE("fluoroscopy: same bits for any number of threads") {
    const auto& made = lying_knee();
    const Anatomy one = segment::find_anatomy(made.frame, {View::xray_lateral}, {1});
    const Anatomy four = segment::find_anatomy(made.frame, {View::xray_lateral}, {4});
    REQUIRE(one.joint_space.has_value() == four.joint_space.has_value());
    if (!one.joint_space) return;
    CHECK(one.joint_space->contours == four.joint_space->contours);
    CHECK(one.joint_space->confidence == four.joint_space->confidence);
}

TEST_CASE("fluoroscopy: a real pair shows a knee from in front and from the side") {
    const auto data = test::shared_data();
    const auto folder = data.value_or("") / "fluoro-knee";
    if (!data || !std::filesystem::exists(folder)) {
        WARN("shared data absent: not tested");
        return;
    }
    int looked_at = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".tif" || name.find("0138") == std::string::npos) continue;
        const Frame frame = read_grey(entry.path(), Modality::fluoroscopy);
        INFO(name);
        const Anatomy found = segment::find_anatomy(frame, {});
        REQUIRE(found.joint_space);
        const bool side = name.find("cam02") != std::string::npos;
        CHECK(found.view == (side ? View::xray_lateral : View::xray_ap));
        ++looked_at;
    }
    CHECK(looked_at == 2);
}

TEST_CASE("fluoroscopy: what is no knee is refused with a reason") {
    Frame frame;
    frame.modality = Modality::fluoroscopy;
    frame.intensity = Image<float>(300, 300, 200);
    // Two dark bars with a gap between, as wide as the picture: no bones with margins.
    for (int y = 90; y < 210; ++y) {
        for (int x = 0; x < 300; ++x)
            frame.intensity.at(x, y) = y < 145 || y > 155 ? 60.0F : 150.0F;
    }
    const Anatomy found = segment::find_anatomy(frame, {View::xray_lateral});
    REQUIRE_FALSE(found.joint_space);
    CHECK(found.joint_space.error().code == "no-knee");
    CHECK_FALSE(found.joint_space.error().text.empty());

    frame.intensity = Image<float>(300, 300, 7);
    CHECK_FALSE(segment::find_anatomy(frame, {View::xray_lateral}).joint_space);
}

TEST_CASE("fluoroscopy: ultrasound that is stated to be X-rays from the side is not measured") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("shared data absent: not tested");
        return;
    }
    int looked_at = 0;
    for (const char* folder : {"us-bone/unlabelled", "us-muscle"}) {
        for (const auto& entry : std::filesystem::directory_iterator(*data / folder)) {
            if (entry.path().extension() != ".png" || looked_at == 12) continue;
            INFO(entry.path().filename().string());
            const Anatomy found = segment::find_anatomy(read_grey(entry.path(), Modality::unknown),
                                                        {View::xray_lateral}, {2});
            CHECK_FALSE(found.joint_space);
            ++looked_at;
        }
    }
    CHECK(looked_at > 3);
}
