// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/evaluate/overlap.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stop_token>
#include <string>
#include <vector>

namespace {

using namespace guide;

constexpr int kWidth = 480, kHeight = 360;
constexpr double kSpacing = 0.1;  // mm

/// A lens of fluid below a tendon, in mm of the picture.
struct Lens {
    double x = 24, y = 19, half_length = 9, half_thickness = 2.5;

    [[nodiscard]] bool contains(double mm_x, double mm_y) const {
        const double u = (mm_x - x) / half_length, v = (mm_y - y) / half_thickness;
        return u * u + v * v < 1;
    }
};

/// Mean echo of the layers over the femur: fat between bright septa, tendon, fat pads, bone,
/// shadow.
double layer_echo(double mm_x, double mm_y, const Lens& lens) {
    if (lens.contains(mm_x, mm_y)) return 4;
    if (mm_y > 31) return 1;
    if (mm_y > 30) return 220;
    const double near_line =
        std::min({std::abs(mm_y - 3), std::abs(mm_y - 8), std::abs(mm_y - 14)});
    if (near_line < 0.3) return 190;
    return mm_y < 8 ? 70 : mm_y < 14 ? 110 : 95;
}

struct Phantom {
    Frame frame;
    Image<std::uint8_t> truth{kWidth, kHeight};
};

/// Speckle: the mean echo times the envelope of a complex Gaussian field blurred over some pixels.
Phantom make_phantom(const Lens& lens = {}, double gain = 1, std::uint64_t seed = 7) {
    Random random(seed);
    std::vector<double> re(kWidth * kHeight), im(kWidth * kHeight);
    for (auto& v : re)
        v = random.normal();
    for (auto& v : im)
        v = random.normal();
    const auto average = [](const std::vector<double>& a, int x, int y) {
        double sum = 0;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -2; dx <= 2; ++dx) {
                const int px = std::clamp(x + dx, 0, kWidth - 1),
                          py = std::clamp(y + dy, 0, kHeight - 1);
                sum += a[static_cast<std::size_t>(py * kWidth + px)];
            }
        }
        return sum / std::sqrt(15.0);
    };
    Phantom phantom;
    phantom.frame.intensity = Image<float>(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double envelope = std::hypot(average(re, x, y), average(im, x, y)) / 1.25;
            // Display compression leaves a quarter of the speckle's contrast or so.
            const double echo =
                layer_echo(x * kSpacing, y * kSpacing, lens) * std::pow(envelope + 0.05, 0.4);
            phantom.frame.intensity.at(x, y) = static_cast<float>(std::min(255.0, gain * echo));
            phantom.truth.at(x, y) = lens.contains(x * kSpacing, y * kSpacing) ? 255 : 0;
        }
    }
    phantom.frame.modality = Modality::ultrasound;
    phantom.frame.content_box = PixelBox{0, 0, kWidth, kHeight};
    phantom.frame.spacing = Spacing{kSpacing, kSpacing};
    phantom.frame.spacing_source = SpacingSource::user;
    return phantom;
}

Anatomy look(const Frame& frame, View view = View::suprapatellar_long) {
    return segment::find_anatomy(frame, {.view = view});
}

std::string why_not(const Frame& frame, View view = View::suprapatellar_long) {
    const Anatomy anatomy = look(frame, view);
    return anatomy.joint_space ? "found" : anatomy.joint_space.error().code;
}

Frame flat_frame(int width, int height, float value) {
    Frame frame;
    frame.intensity = Image<float>(width, height, value);
    frame.modality = Modality::ultrasound;
    frame.content_box = PixelBox{0, 0, width, height};
    return frame;
}

}  // namespace

TEST_CASE("ultrasound joint space: a lens of fluid is found with its measures", "[segment]") {
    const Phantom phantom = make_phantom();
    const Anatomy anatomy = look(phantom.frame);
    REQUIRE(anatomy.joint_space);
    const JointSpace& space = *anatomy.joint_space;
    const auto mask = segment::joint_space_mask(anatomy);
    CHECK(evaluate::overlap(mask.view(), phantom.truth.view()).dice > 0.85);
    CHECK(phantom.truth.at(static_cast<int>(space.target.x), static_cast<int>(space.target.y)) ==
          255);
    CHECK(space.thickness_mm.value() == Approx(5.0).margin(0.7));
    CHECK(space.area_mm2.value() == Approx(3.14159 * 9 * 2.5).epsilon(0.2));
    CHECK(space.depth_mm.value() == Approx(16.5).margin(0.8));
    CHECK(space.effusion.value());
    CHECK(space.confidence > 0.3);
    CHECK(space.confidence <= 1.0);
    CHECK(space.boundary_sigma_px > 0);
}

TEST_CASE("ultrasound joint space: a thin slit is no effusion", "[segment]") {
    const Anatomy anatomy = look(make_phantom({.half_thickness = 1.2}).frame);
    REQUIRE(anatomy.joint_space);
    CHECK(anatomy.joint_space->thickness_mm.value() < 4.0);
    CHECK_FALSE(anatomy.joint_space->effusion.value());
}

TEST_CASE("ultrasound joint space: a wide cyst is found whole", "[segment]") {
    const Phantom phantom = make_phantom({.y = 18, .half_length = 11, .half_thickness = 7});
    const Anatomy anatomy = look(phantom.frame, View::posterior);
    REQUIRE(anatomy.joint_space);
    const auto mask = segment::joint_space_mask(anatomy);
    CHECK(evaluate::overlap(mask.view(), phantom.truth.view()).dice > 0.85);
}

TEST_CASE("ultrasound joint space: trochlear cartilage is no recess in a transverse view",
          "[segment]") {
    Phantom phantom = make_phantom({.half_length = 6, .half_thickness = 1.5});
    for (int y = 270; y < 300; ++y) {  // 3 mm above the bone
        for (int x = 0; x < kWidth; ++x)
            phantom.frame.intensity.at(x, y) *= 0.1F;
    }
    const Anatomy anatomy = look(phantom.frame, View::suprapatellar_transverse);
    REQUIRE(anatomy.joint_space);
    const auto mask = segment::joint_space_mask(anatomy);
    for (int x = 0; x < kWidth; ++x)
        REQUIRE(mask.at(x, 285) == 0);
    CHECK(evaluate::overlap(mask.view(), phantom.truth.view()).dice > 0.7);
}

TEST_CASE("ultrasound joint space: mirroring the frame mirrors the answer", "[segment]") {
    const Phantom phantom = make_phantom({.x = 20});
    Frame mirrored_frame = clone(phantom.frame);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            mirrored_frame.intensity.at(x, y) = phantom.frame.intensity.at(kWidth - 1 - x, y);
        }
    }
    const auto mask = segment::joint_space_mask(look(phantom.frame));
    const auto flipped = segment::joint_space_mask(look(mirrored_frame));
    Image<std::uint8_t> back(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x)
            back.at(x, y) = flipped.at(kWidth - 1 - x, y);
    }
    CHECK(evaluate::overlap(mask.view(), back.view()).dice > 0.98);
}

TEST_CASE("ultrasound joint space: gain hardly matters", "[segment]") {
    const auto mask = segment::joint_space_mask(look(make_phantom().frame));
    const auto darker = segment::joint_space_mask(look(make_phantom({}, 0.5).frame));
    CHECK(evaluate::overlap(mask.view(), darker.view()).dice > 0.95);
}

TEST_CASE("ultrasound joint space: without calibration there are pixels and no millimetres",
          "[segment]") {
    Phantom phantom = make_phantom();
    phantom.frame.spacing.reset();
    phantom.frame.spacing_source = SpacingSource::none;
    const Anatomy anatomy = look(phantom.frame);
    REQUIRE(anatomy.joint_space);
    CHECK(evaluate::overlap(segment::joint_space_mask(anatomy).view(), phantom.truth.view()).dice >
          0.8);
    CHECK_FALSE(anatomy.joint_space->area_mm2);
    CHECK_FALSE(anatomy.joint_space->depth_mm);
    CHECK_FALSE(anatomy.joint_space->thickness_mm);
    CHECK_FALSE(anatomy.joint_space->effusion);
}

TEST_CASE("ultrasound joint space: the same frame gives the same bits", "[segment]") {
    const Phantom phantom = make_phantom();
    const Anatomy first = look(phantom.frame), second = look(phantom.frame);
    REQUIRE(first.joint_space);
    REQUIRE(second.joint_space);
    CHECK(first.joint_space->contours == second.joint_space->contours);
    CHECK(first.joint_space->target == second.joint_space->target);
}

TEST_CASE("ultrasound joint space: frames without a knee are refused with a reason", "[segment]") {
    CHECK(why_not(flat_frame(320, 240, 0)) == "dark-frame");
    CHECK(why_not(flat_frame(320, 240, 3)) == "dark-frame");
    CHECK(why_not(flat_frame(320, 240, 120)) == "flat-frame");
    CHECK(why_not(flat_frame(320, 240, std::numeric_limits<float>::quiet_NaN())) == "dark-frame");
    for (const int size : {1, 2, 8, 15})
        CHECK(why_not(flat_frame(size, size, 90)) == "picture-too-small");
    Frame shallow = flat_frame(640, 20, 90);
    shallow.spacing = Spacing{0.1, 0.1};
    CHECK(why_not(shallow) == "picture-too-small");
    Frame air = flat_frame(320, 240, 0);  // the first millimetres echo, nothing below
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 320; ++x)
            air.intensity.at(x, y) = 200;
    }
    CHECK(why_not(air) != "found");
}

TEST_CASE("ultrasound joint space: in a view not stated tissue without bone is no knee",
          "[segment]") {
    Phantom phantom = make_phantom();
    for (int y = 295; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            phantom.frame.intensity.at(x, y) = phantom.frame.intensity.at(x, y - 70);
        }
    }
    CHECK(why_not(phantom.frame, View::unknown) != "found");
}

TEST_CASE("ultrasound joint space: a requested stop is heard", "[segment]") {
    std::stop_source source;
    source.request_stop();
    const Phantom phantom = make_phantom();
    Execution execution;
    execution.stop = source.get_token();
    CHECK_THROWS_AS(
        segment::find_anatomy(phantom.frame, {.view = View::suprapatellar_long}, execution),
        Stopped);
}

TEST_CASE("ultrasound joint space: real frames stay above their floor", "[segment][data]") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    std::ifstream table(data / "us-knee-views.csv");
    const std::vector<std::pair<std::string, View>> words = {
        {"SUPRAPAT LONG", View::suprapatellar_long},
        {"SUPRAPAT TRANS", View::suprapatellar_transverse},
        {"POST", View::posterior},
        {"MED", View::medial},
        {"LAT", View::lateral}};
    double dice = 0;
    int frames = 0, inside = 0;
    std::string line;
    while (std::getline(table, line)) {
        std::istringstream cells(line);
        std::string file, text, depth;
        std::getline(cells, file, ',');
        std::getline(cells, text, ',');
        std::getline(cells, depth, ',');
        if (file.rfind("us-knee/image/", 0) != 0) continue;
        const std::string name = std::filesystem::path(file).stem().string();
        const cv::Mat1b image = cv::imread((data / file).string(), cv::IMREAD_GRAYSCALE);
        const cv::Mat1b mask = cv::imread((data / "us-knee/mask" / (name + "_mask.png")).string(),
                                          cv::IMREAD_GRAYSCALE);
        REQUIRE_FALSE(image.empty());
        REQUIRE(mask.size() == image.size());
        Frame frame = frame_from_grey({image.data, image.cols, image.rows});
        frame.modality = Modality::ultrasound;
        PixelBox box;
        std::vector<int> corners;
        for (std::string cell; corners.size() < 4 && std::getline(cells, cell, ',');)
            corners.push_back(std::stoi(cell));
        box = {corners[0], corners[1], corners[2], corners[3]};
        frame.content_box = box;
        const double mm = std::stod(depth) * 10 / box.height();
        frame.spacing = Spacing{mm, mm};
        View view = View::unknown;
        for (const auto& [word, meaning] : words) {
            if (text.find(word) != std::string::npos) {
                view = meaning;
                break;
            }
        }
        const Anatomy anatomy = look(frame, view);
        ++frames;
        if (!anatomy.joint_space) continue;
        dice += evaluate::overlap(segment::joint_space_mask(anatomy).view(),
                                  {mask.data, mask.cols, mask.rows})
                    .dice;
        const PixelPoint target = anatomy.joint_space->target;
        inside += mask(static_cast<int>(target.y), static_cast<int>(target.x)) > 0 ? 1 : 0;
    }
    REQUIRE(frames > 0);
    CAPTURE(frames, dice / frames, inside);
    CHECK(dice / frames > 0.60);
    CHECK(inside >= 0.85 * frames);
}
