// SPDX-License-Identifier: Apache-2.0
#include "support/drawn_knee.hpp"

#include <guide/evaluate/overlap.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

namespace {

using guide::Anatomy;
using guide::Frame;
using guide::Image;
using guide::test::drawn;
using guide::test::Knee;
using guide::test::truth_of;

Anatomy found_in(const Frame& frame) {
    return guide::segment::find_anatomy(frame, {guide::View::xray_ap});
}

double dice_of(const Anatomy& anatomy, const Image<std::uint8_t>& truth) {
    const auto mask = guide::segment::joint_space_mask(anatomy);
    return guide::evaluate::overlap(mask.view(), truth.view()).dice;
}

Frame grey_frame(int width, int height, float value) {
    Frame frame;
    frame.intensity = Image<float>(width, height, value);
    return frame;
}

std::string code_of(const Frame& frame) {
    const Anatomy anatomy = found_in(frame);
    return anatomy.joint_space ? "found" : anatomy.joint_space.error().code;
}

}  // namespace

TEST_CASE("radiograph joint space: the band of a drawn knee is found with its widths and bones") {
    const Knee knee{.left_gap = 0.09, .right_gap = 0.05};
    Frame frame = drawn(knee);
    const Anatomy anatomy = found_in(frame);
    INFO((anatomy.joint_space ? "" : anatomy.joint_space.error().text));
    REQUIRE(anatomy.joint_space);
    CHECK(dice_of(anatomy, truth_of(knee)) > 0.9);
    const auto& space = *anatomy.joint_space;
    REQUIRE(space.widths);
    CHECK(space.widths->left_px == Approx(0.09 * 224).margin(1.5));
    CHECK(space.widths->right_px == Approx(0.05 * 224).margin(1.5));
    CHECK(space.widths->minimum_px == space.widths->right_px);
    CHECK(space.widths->minimum_at.x > 112);
    CHECK_FALSE(space.widths->bone_on_bone);
    CHECK_FALSE(space.widths->left_mm);
    CHECK_FALSE(space.area_mm2);
    CHECK(space.confidence > 0.5);
    CHECK(guide::polygon_contains(space.contours.front(), space.target));
    REQUIRE(anatomy.bones.size() == 2);
    CHECK(anatomy.bones[0].kind == guide::BoneKind::femur);
    CHECK(anatomy.bones[1].kind == guide::BoneKind::tibia);
    for (std::size_t i = 0; i < anatomy.bones[0].points.size(); ++i) {
        CHECK(anatomy.bones[0].points[i].y < anatomy.bones[1].points[i].y);
    }
}

TEST_CASE("radiograph joint space: millimetres follow from the spacing alone") {
    Frame frame = drawn({});
    frame.spacing = guide::Spacing{0.5, 0.5};
    const Anatomy anatomy = found_in(frame);
    REQUIRE(anatomy.joint_space);
    const auto& widths = *anatomy.joint_space->widths;
    REQUIRE(widths.minimum_mm);
    CHECK(*widths.minimum_mm == Approx(0.5 * widths.minimum_px));
    CHECK(*widths.left_mm == Approx(0.5 * widths.left_px));
    CHECK(*anatomy.joint_space->area_mm2 > 0);
}

TEST_CASE("radiograph joint space: a negative, a mirrored and a flat copy give the same band") {
    const Knee knee{.left_gap = 0.08, .right_gap = 0.05};
    const Frame frame = drawn(knee);
    const auto truth = truth_of(knee);
    const double dice = dice_of(found_in(frame), truth);
    Frame negative = guide::clone(frame), mirrored = guide::clone(frame),
          flat = guide::clone(frame);
    Image<std::uint8_t> mirrored_truth(knee.size, knee.size);
    for (int y = 0; y < knee.size; ++y) {
        for (int x = 0; x < knee.size; ++x) {
            negative.intensity.at(x, y) = 255 - frame.intensity.at(x, y);
            mirrored.intensity.at(x, y) = frame.intensity.at(knee.size - 1 - x, y);
            mirrored_truth.at(x, y) = truth.at(knee.size - 1 - x, y);
            flat.intensity.at(x, y) = 100 + 0.05f * frame.intensity.at(x, y);
        }
    }
    const Anatomy dark = found_in(negative);
    CHECK(dice_of(dark, truth) == Approx(dice).margin(0.005));
    CHECK(std::any_of(dark.notes.begin(), dark.notes.end(),
                      [](const auto& n) { return n.code == "bones-dark"; }));
    CHECK(dice_of(found_in(mirrored), mirrored_truth) == Approx(dice).margin(0.02));
    CHECK(dice_of(found_in(flat), truth) == Approx(dice).margin(0.005));
}

TEST_CASE("radiograph joint space: a dark copy gives the same band") {
    const Knee knee{.left_gap = 0.08, .right_gap = 0.05, .noise = 1};
    Frame frame = drawn(knee);
    const auto truth = truth_of(knee);
    const double dice = dice_of(found_in(frame), truth);
    for (const double gamma : {0.5, 2.0, 3.0}) {
        Frame bent = guide::clone(frame);
        for (int y = 0; y < knee.size; ++y) {
            for (int x = 0; x < knee.size; ++x) {
                const double v = std::clamp(frame.intensity.at(x, y) / 255.0, 0.0, 1.0);
                bent.intensity.at(x, y) = static_cast<float>(255 * std::pow(v, gamma));
            }
        }
        INFO("gamma " << gamma);
        CHECK(dice_of(found_in(bent), truth) == Approx(dice).margin(0.02));
    }
}

TEST_CASE("radiograph joint space: the size of the frame and a collimator's border change little") {
    const Knee small{}, large{.size = 700};
    CHECK(dice_of(found_in(drawn(large)), truth_of(large)) > 0.9);
    const Frame knee = drawn(small);
    const auto truth = truth_of(small);
    Frame bordered = grey_frame(340, 300, 0);
    Image<std::uint8_t> bordered_truth(340, 300);
    for (int y = 0; y < small.size; ++y) {
        for (int x = 0; x < small.size; ++x) {
            bordered.intensity.at(x + 70, y + 30) = knee.intensity.at(x, y);
            bordered_truth.at(x + 70, y + 30) = truth.at(x, y);
        }
    }
    CHECK(dice_of(found_in(bordered), bordered_truth) > 0.88);
}

TEST_CASE(
    "radiograph joint space: a knee in the middle of a leg with air beside it is the same knee") {
    const Knee knee{.left_gap = 0.08, .right_gap = 0.06};
    const Frame close = drawn(knee);
    constexpr int kSize = 420, kLeft = 80, kTop = 100, kAir = 40;
    Frame whole = grey_frame(kSize, kSize, 0);
    Image<std::uint8_t> truth(kSize, kSize);
    const auto known = truth_of(knee);
    for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
            const int u = std::clamp(x - kLeft, 0, knee.size - 1),
                      v = std::clamp(y - kTop, 0, knee.size - 1);
            const bool air = x < kAir || x >= kSize - 2 * kAir;
            whole.intensity.at(x, y) = air ? 5.0f : close.intensity.at(u, v);
            if (u == x - kLeft && v == y - kTop) truth.at(x, y) = known.at(u, v);
        }
    }
    const Anatomy alone = found_in(close), anatomy = found_in(whole);
    REQUIRE(alone.joint_space);
    INFO((anatomy.joint_space ? "" : anatomy.joint_space.error().text));
    REQUIRE(anatomy.joint_space);
    CHECK(dice_of(anatomy, truth) > 0.88);
    CHECK(anatomy.joint_space->widths->left_px ==
          Approx(alone.joint_space->widths->left_px).margin(1.0));
    CHECK(anatomy.joint_space->widths->right_px ==
          Approx(alone.joint_space->widths->right_px).margin(1.0));
}

TEST_CASE("radiograph joint space: bones that touch are told and left out of the band") {
    const Knee knee{.left_gap = 0.0, .right_gap = 0.07};
    const Anatomy anatomy = found_in(drawn(knee));
    REQUIRE(anatomy.joint_space);
    CHECK(anatomy.joint_space->widths->bone_on_bone);
    CHECK(anatomy.joint_space->widths->left_px == 0);
    CHECK(anatomy.joint_space->widths->right_px == Approx(0.07 * 224).margin(2));
}

TEST_CASE("radiograph joint space: what is no knee has a reason and no measure") {
    CHECK(code_of(grey_frame(1, 1, 5)) == "too-small");
    CHECK(code_of(grey_frame(63, 400, 5)) == "too-small");
    CHECK(code_of(grey_frame(224, 224, 0)) == "blank");
    CHECK(code_of(grey_frame(1000, 100, 0)) == "no-knee");

    Frame ramp = grey_frame(200, 200, 0), noise = grey_frame(256, 256, 0),
          missing = grey_frame(128, 128, 0);
    guide::Random random(3);
    for (int y = 0; y < 256; ++y)
        for (int x = 0; x < 256; ++x)
            noise.intensity.at(x, y) = static_cast<float>(100 + 20 * random.normal());
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 200; ++x)
            ramp.intensity.at(x, y) = static_cast<float>(x + y);
    missing.intensity.fill(std::nanf(""));
    CHECK(code_of(ramp) == "no-knee");
    CHECK(code_of(noise) == "no-knee");
    CHECK(code_of(missing) == "blank");
}

TEST_CASE("radiograph joint space: a band that winds like a vessel is none") {
    const Knee knee;
    Frame frame = grey_frame(knee.size, knee.size, 0);
    frame.modality = guide::Modality::radiograph;
    for (int y = 0; y < knee.size; ++y) {
        for (int x = 0; x < knee.size; ++x) {
            const double u = (x + 0.5) / knee.size, v = (y + 0.5) / knee.size;
            frame.intensity.at(x, y) =
                static_cast<float>(knee.grey(u, v + 0.03 * std::sin(40 * u)));
        }
    }
    CHECK(code_of(frame) == "no-knee");
}

TEST_CASE("radiograph joint space: bright bones in fluoroscopy have to be clear") {
    Frame frame = drawn({.noise = 3});
    frame.modality = guide::Modality::fluoroscopy;
    CHECK(code_of(frame) == "found");
    Frame flat = drawn({.left_gap = 0.02, .right_gap = 0.02, .noise = 25});
    const bool found = code_of(flat) == "found" && found_in(flat).joint_space->confidence >= 0.8;
    flat.modality = guide::Modality::fluoroscopy;
    CHECK((code_of(flat) == "found") == found);
}

TEST_CASE("radiograph joint space: what is clipped to white is left out and not measured") {
    const Knee knee;
    Frame frame = drawn(knee);
    for (int y = 0; y < knee.size; ++y) {  // the middle of the left compartment is overexposed
        for (int x = 0; x < knee.size; ++x) {
            const double more =
                600 *
                std::exp(-0.5 * (std::pow((x - 62) / 15.0, 2) + std::pow((y - 112) / 25.0, 2)));
            float& grey = frame.intensity.at(x, y);
            grey = std::min(255.0F, grey + static_cast<float>(more));
        }
    }
    const Anatomy anatomy = found_in(frame);
    INFO((anatomy.joint_space ? "" : anatomy.joint_space.error().text));
    REQUIRE(anatomy.joint_space);
    CHECK_FALSE(anatomy.joint_space->widths);
    CHECK_FALSE(anatomy.joint_space->narrowing);
    CHECK(std::any_of(anatomy.notes.begin(), anatomy.notes.end(),
                      [](const auto& note) { return note.code == "clipped"; }));
    const auto mask = guide::segment::joint_space_mask(anatomy);
    for (int y = 0; y < knee.size; ++y)
        if (mask.at(62, y) != 0) FAIL("joint space where nothing is seen");
}

TEST_CASE("radiograph joint space: widths of a tilted knee are those of the upright one") {
    const Knee knee{.left_gap = 0.09, .right_gap = 0.07};
    const Anatomy upright = found_in(drawn(knee));
    REQUIRE(upright.joint_space);
    for (const double tilt : {-0.35, -0.2, 0.2, 0.35}) {  // vertically 2 and 6.5 % more
        Knee tilted = knee;
        tilted.tilt = tilt;
        const Anatomy anatomy = found_in(drawn(tilted));
        INFO("tilt " << tilt);
        REQUIRE(anatomy.joint_space);
        CHECK(anatomy.joint_space->widths->left_px ==
              Approx(upright.joint_space->widths->left_px).margin(1.0));
        CHECK(anatomy.joint_space->widths->right_px ==
              Approx(upright.joint_space->widths->right_px).margin(1.0));
    }
}

TEST_CASE("radiograph joint space: a leg that lies sideways is told") {
    const Frame frame = drawn({.left_gap = 0.07});
    Frame lying = guide::clone(frame);
    for (int y = 0; y < 224; ++y)
        for (int x = 0; x < 224; ++x)
            lying.intensity.at(x, y) = frame.intensity.at(y, 223 - x);
    const Anatomy anatomy = found_in(lying);
    REQUIRE_FALSE(anatomy.joint_space);
    CHECK(anatomy.joint_space.error().code == "no-knee");
    CHECK(anatomy.joint_space.error().text.find("sideways") != std::string::npos);
}

TEST_CASE("radiograph joint space: a cast of one colour is no photograph") {
    const Frame grey = drawn({});
    Image<guide::Rgb8> cast(224, 224);
    for (int y = 0; y < 224; ++y) {
        for (int x = 0; x < 224; ++x) {
            const double v = std::clamp(static_cast<double>(grey.intensity.at(x, y)), 0.0, 200.0);
            cast.at(x, y) = {static_cast<std::uint8_t>(0.8 * v), static_cast<std::uint8_t>(0.9 * v),
                             static_cast<std::uint8_t>(v + 40)};
        }
    }
    CHECK(found_in(guide::frame_from_rgb(cast.view())).joint_space);
}

TEST_CASE("radiograph joint space: a coloured photograph is refused") {
    Image<guide::Rgb8> photograph(120, 90);
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 120; ++x)
            photograph.at(x, y) = {static_cast<std::uint8_t>(2 * x),
                                   static_cast<std::uint8_t>(2 * y),
                                   static_cast<std::uint8_t>(2 * (119 - x))};
    CHECK(code_of(guide::frame_from_rgb(photograph.view())) == "not-a-radiograph");
}

TEST_CASE("radiograph joint space: a metal condyle is refused") {
    const Knee knee{};
    Frame frame = drawn(knee);
    for (int y = 0; y < knee.size; ++y) {
        for (int x = 0; x < knee.size; ++x) {
            const double px = (x + 0.5) / knee.size, py = (y + 0.5) / knee.size;
            if (px > 0.6 && px < 0.85 && py > 0.32 && py < knee.femur_edge(px))
                frame.intensity.at(x, y) = 255;
        }
    }
    CHECK(code_of(frame) == "metal");
}

TEST_CASE("radiograph joint space: real knees reach the floor and real implants are refused") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    namespace fs = std::filesystem;
    const fs::path images = data / "xray-knee" / "image";
    if (!fs::is_directory(images)) {
        WARN("skipped: no radiographs among the real frames");
        return;
    }
    const auto read = [](const fs::path& path) {
        const cv::Mat1b grey = cv::imread(path.string(), cv::IMREAD_GRAYSCALE);
        return Image<std::uint8_t>(guide::copy_image(guide::ImageView<const std::uint8_t>(
            grey[0], grey.cols, grey.rows, static_cast<std::ptrdiff_t>(grey.step1()))));
    };
    double sum = 0;
    int count = 0, inside = 0;
    for (const auto& entry : fs::directory_iterator(images)) {
        auto truth = read(data / "xray-knee" / "mask" / entry.path().filename());
        for (std::size_t i = 0; i < truth.size(); ++i)
            truth.data()[i] = truth.data()[i] > 127 ? 255 : 0;
        const auto anatomy = found_in(guide::frame_from_grey(read(entry.path()).view()));
        sum += dice_of(anatomy, truth);
        ++count;
        if (!anatomy.joint_space) continue;
        const auto target = anatomy.joint_space->target;
        if (truth.at(static_cast<int>(target.x), static_cast<int>(target.y)) != 0) ++inside;
    }
    REQUIRE(count > 0);
    INFO("mean Dice " << sum / count << ", targets inside " << inside << " of " << count);
    CHECK(sum / count > 0.89);
    CHECK(inside >= count * 95 / 100);
    for (const auto& entry : fs::directory_iterator(data / "xray-implant")) {
        INFO(entry.path().filename().string());
        CHECK_FALSE(found_in(guide::frame_from_grey(read(entry.path()).view())).joint_space);
    }
}
