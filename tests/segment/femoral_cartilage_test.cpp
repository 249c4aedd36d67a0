// SPDX-License-Identifier: Apache-2.0
#include "femoral_cartilage.hpp"

#include "support/simulated_knee.hpp"

#include <guide/core/random.hpp>
#include <guide/segment/frame_scale.hpp>
#include <guide/segment/segment.hpp>
#include <guide/simulate/tissue.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace guide;

constexpr double kMm = 0.1;

double mean_of(const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

/// Speckled tissue over a dark band of `thickness` mm over a bright line that bends.
Frame banded(double thickness, double slope, BoneSurface& femur) {
    Frame frame;
    frame.modality = Modality::ultrasound;
    frame.intensity = Image<float>(400, 300);
    frame.display_low = 0;
    frame.display_high = 255;
    frame.spacing = Spacing{kMm, kMm};
    femur = {BoneKind::femur, {}, 0.9};
    Random random(7, 7);
    for (int x = 0; x < 400; ++x) {
        const double bone = 180 + slope * (x - 200);
        femur.points.push_back({1.0 * x, bone});
        const double surface = bone - thickness / kMm * std::hypot(1.0, slope);
        for (int y = 0; y < 300; ++y) {
            const double speckle = std::abs(random.normal());
            const double grey = y < surface    ? 70 + 30 * speckle
                                : y < bone     ? 6 * speckle
                                : y < bone + 6 ? 200
                                               : 4 * speckle;
            frame.intensity.view().at(x, y) = static_cast<float>(grey);
        }
    }
    return frame;
}

}  // namespace

TEST_CASE("femoral cartilage: a dark band of known thickness, level and steep") {
    for (const double thickness : {1.2, 2.0, 3.2}) {
        for (const double slope : {0.0, 0.5, -0.5}) {
            BoneSurface femur;
            const Frame frame = banded(thickness, slope, femur);
            const auto found =
                segment::find_femoral_cartilage(frame, {0, 0, 400, 300}, {femur}, {});
            REQUIRE(found.has_value());
            REQUIRE(found->thickness_mm.has_value());
            CHECK(found->surface.size() > 350);
            CHECK(found->surface.size() == found->bone.size());
            CHECK(found->surface.size() == found->thickness_mm->size());
            CHECK(mean_of(*found->thickness_mm) == Approx(thickness).margin(0.15));
            CHECK(found->confidence > 0.5);
        }
    }
}

TEST_CASE("femoral cartilage: no scale, no millimetres") {
    BoneSurface femur;
    Frame frame = banded(2, 0, femur);
    frame.spacing.reset();
    const auto found = segment::find_femoral_cartilage(frame, {0, 0, 400, 300}, {femur}, {});
    REQUIRE(found.has_value());
    CHECK_FALSE(found->thickness_mm.has_value());
}

TEST_CASE("femoral cartilage: tissue down to the bone has none, nor has another bone") {
    BoneSurface femur;
    const Frame bare = banded(0, 0, femur);
    CHECK_FALSE(segment::find_femoral_cartilage(bare, {0, 0, 400, 300}, {femur}, {}).has_value());
    const Frame frame = banded(2, 0, femur);
    CHECK_FALSE(segment::find_femoral_cartilage(frame, {0, 0, 400, 300}, {}, {}).has_value());
    CHECK_FALSE(segment::find_femoral_cartilage(frame, {0, 0, 0, 0}, {femur}, {}).has_value());
    femur.kind = BoneKind::tibia;
    CHECK_FALSE(segment::find_femoral_cartilage(frame, {0, 0, 400, 300}, {femur}, {}).has_value());
}

TEST_CASE("femoral cartilage: a gap in the bone's line makes no thickness of its own") {
    BoneSurface femur;
    const Frame frame = banded(2, 0, femur);
    for (const int gap : {4, 60}) {
        BoneSurface left = femur, right = femur;
        left.points.resize(150);
        right.points.erase(right.points.begin(), right.points.begin() + 150 + gap);
        const auto found =
            segment::find_femoral_cartilage(frame, {0, 0, 400, 300}, {left, right}, {});
        REQUIRE(found.has_value());
        // A short gap is bridged, at a long one the longer stretch is told.
        CHECK(found->surface.size() > (gap < 10 ? 350U : 150U));
        for (const double thickness : *found->thickness_mm)
            CHECK(thickness == Approx(2).margin(0.3));
        for (const PixelPoint& p : found->bone)
            CHECK(p.y == Approx(180).margin(2));
    }
}

TEST_CASE("femoral cartilage: simulated trochleas to within half a millimetre") {
    for (const std::uint64_t seed : {1U, 4U, 9U}) {
        const auto knee = test::simulated_knee(seed, View::trochlea, false, 2);
        const Anatomy found = segment::find_anatomy(knee.frame, {View::trochlea}, {2});
        const auto cartilage =
            segment::find_femoral_cartilage(knee.frame, found.content_box, found.bones, {});
        REQUIRE(cartilage.has_value());
        const auto labels = knee.labels.view();
        std::vector<double> off;
        for (const PixelPoint& p : cartilage->surface) {
            const int x = std::clamp(static_cast<int>(std::lround(p.x)), 0, labels.width - 1);
            int y = 0;
            while (y < labels.height &&
                   labels.at(x, y) != static_cast<std::uint8_t>(simulate::Tissue::cartilage))
                ++y;
            if (y < labels.height) off.push_back(std::abs(p.y - y + 0.5) * kMm);
        }
        REQUIRE(off.size() > 200);
        CHECK(mean_of(off) < 0.5);
    }
}

TEST_CASE("femoral cartilage: a trochlea outlined by hand") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("skipped: no shared data");
        return;
    }
    const auto folder = *data / "us-trochlea";
    const cv::Mat1b grey =
        cv::imread((folder / "Subject001_L_02.jpg").string(), cv::IMREAD_GRAYSCALE);
    REQUIRE(!grey.empty());
    Frame frame;
    frame.modality = Modality::ultrasound;
    frame.display_high = 255;
    frame.intensity = Image<float>(grey.cols, grey.rows);
    for (int y = 0; y < grey.rows; ++y)
        std::copy_n(grey[y], grey.cols, frame.intensity.row(y));
    segment::scale_by_user(frame, {0.0909, 0.0909});
    const Anatomy found = segment::find_anatomy(frame, {View::trochlea}, {2});
    const auto cartilage =
        segment::find_femoral_cartilage(frame, found.content_box, found.bones, {});
    REQUIRE(cartilage.has_value());
    std::ifstream lines(folder / "Subject001_L_02_contour_2.csv");
    std::string line;
    std::getline(lines, line);  // the header
    std::vector<double> off;
    while (std::getline(lines, line)) {
        const double x = std::stod(line) - 1, y = std::stod(line.substr(line.find(',') + 1)) - 1;
        double nearest = 1e9;
        for (const PixelPoint& p : cartilage->surface)
            nearest = std::min(nearest, std::hypot(p.x - x, p.y - y));
        off.push_back(nearest * 0.0909);
    }
    REQUIRE(off.size() > 100);
    CHECK(mean_of(off) < 0.6);
}

TEST_CASE("femoral cartilage: found where a view shows it, and only there") {
    const auto knee = test::simulated_knee(4, View::trochlea, false, 2);
    CHECK(segment::find_anatomy(knee.frame, {View::trochlea}, {2}).cartilage.has_value());
    CHECK_FALSE(segment::find_anatomy(knee.frame, {View::bone}, {2}).cartilage.has_value());
}
