// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/evaluate/surface_distance.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace guide;

namespace {

constexpr double kSpacing = 0.1;  // mm
constexpr int kWidth = 400, kHeight = 360;

/// Depth of a bone in mm over x in mm; not a number where there is none.
using Bone = std::function<double(double)>;

double round_shaft(double x) {
    return 15 + 0.03 * (x - 20) * (x - 20);
}
double short_shaft(double x) {
    return std::abs(x - 20) < 9 ? round_shaft(x) : std::numeric_limits<double>::quiet_NaN();
}

/// Speckled layers of fat and muscle with bright septa, a bone whose bright line begins at its
/// surface, and its shadow. Where the bone is steeper than `steepest` it sends no echo back.
Frame phantom(const Bone& bone, std::uint64_t seed = 5, double shadow = 0.06,
              double steepest = INFINITY) {
    Random random(seed);
    // The speckle: a complex Gaussian field averaged over a resolution cell.
    Image<float> re(kWidth, kHeight), im(kWidth, kHeight);
    for (std::size_t i = 0; i < re.size(); ++i) {
        re.data()[i] = static_cast<float>(random.normal());
        im.data()[i] = static_cast<float>(random.normal());
    }
    const auto cell = [](const Image<float>& field, int x, int y) {
        double sum = 0;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -2; dx <= 2; ++dx) {
                sum += static_cast<double>(field.at(std::clamp(x + dx, 0, kWidth - 1),
                                                    std::clamp(y + dy, 0, kHeight - 1)));
            }
        }
        return sum / std::sqrt(15.0);
    };
    Frame frame;
    frame.intensity = Image<float>(kWidth, kHeight);
    frame.spacing = Spacing{kSpacing, kSpacing};
    frame.spacing_source = SpacingSource::user;
    frame.modality = Modality::ultrasound;
    frame.content_box = PixelBox{0, 0, kWidth, kHeight};
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double mm_x = x * kSpacing, mm_y = y * kSpacing, surface = bone(mm_x);
            double echo = mm_y < 6 ? 60 : 90;
            for (const double septum : {6.0, 9.5 + 0.05 * mm_x}) {
                echo += 110 * std::exp(-8 * (mm_y - septum) * (mm_y - septum));
            }
            if (mm_y > surface) {
                const double d = (mm_y - surface - 0.25) / 0.22;
                const bool seen = std::abs(bone(mm_x + 0.1) - bone(mm_x - 0.1)) < 0.2 * steepest;
                echo = shadow * 90 + (seen ? 190 * std::exp(-0.5 * d * d) : 0);
            }
            const double envelope = std::hypot(cell(re, x, y), cell(im, x, y)) / 1.25;
            frame.intensity.at(x, y) =
                static_cast<float>(std::min(255.0, echo * std::pow(envelope + 0.05, 0.4)));
        }
    }
    return frame;
}

std::vector<MmPolyline> true_line(const Bone& bone, double from, double to) {
    MmPolyline line;
    for (double x = from; x <= to; x += 0.1)
        line.push_back({x, bone(x)});
    return {line};
}

std::vector<MmPolyline> in_mm(const std::vector<BoneSurface>& bones, Spacing spacing) {
    std::vector<MmPolyline> lines;
    for (const auto& bone : bones)
        lines.push_back(to_mm(bone.points, spacing));
    return lines;
}

std::vector<BoneSurface> bones_in(const Frame& frame, View view = View::bone, int threads = 1) {
    return segment::find_anatomy(frame, {view}, {threads}).bones;
}

Frame read_frame(const std::filesystem::path& path, double spacing_mm) {
    const cv::Mat1b grey = cv::imread(path.string(), cv::IMREAD_GRAYSCALE);
    Frame frame = frame_from_grey({grey.ptr<std::uint8_t>(), grey.cols, grey.rows});
    frame.modality = Modality::ultrasound;
    if (spacing_mm > 0) frame.spacing = Spacing{spacing_mm, spacing_mm};
    return frame;
}

PixelPolyline read_contour(const std::filesystem::path& path, double first_pixel) {
    std::ifstream file(path);
    PixelPolyline contour;
    for (std::string line; std::getline(file, line);) {
        std::stringstream fields(line);
        double x = 0, y = 0;
        char comma = 0;
        if (fields >> x >> comma >> y) contour.push_back({x - first_pixel, y - first_pixel});
    }
    return contour;
}

/// Mean distance of the middle 60 % of an expert's contour to what was found; infinite when nothing
/// was.
double mean_distance(const std::vector<BoneSurface>& bones, const PixelPolyline& contour,
                     double spacing) {
    double low = 1e9, high = -1e9;
    for (const auto& p : contour) {
        low = std::min(low, p.x);
        high = std::max(high, p.x);
    }
    double sum = 0;
    int count = 0;
    for (const auto& p : contour) {
        if (p.x < low + 0.2 * (high - low) || p.x > high - 0.2 * (high - low)) continue;
        double nearest = INFINITY;
        for (const auto& bone : bones)
            nearest = std::min(nearest, distance_to_polyline(p, bone.points));
        sum += nearest * spacing;
        ++count;
    }
    return sum / count;
}

}  // namespace

TEST_CASE("ultrasound_bone: a shaft in speckle is found to 0.2 mm, without what is not bone") {
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
        const auto bones = bones_in(phantom(round_shaft, seed));
        const auto d = evaluate::surface_distance(in_mm(bones, {kSpacing, kSpacing}),
                                                  true_line(round_shaft, 0, 39.9));
        INFO("seed " << seed);
        CHECK(d.mean_mm < 0.2);
        CHECK(d.back_mean_mm < 0.2);
        CHECK(d.f1 > 0.95);
        for (const auto& bone : bones)
            CHECK(bone.confidence > 0.6);
    }
}

TEST_CASE("ultrasound_bone: nothing is drawn where there is no bone") {
    const auto bones = bones_in(phantom(short_shaft));
    REQUIRE_FALSE(bones.empty());
    for (const auto& bone : bones) {
        for (const auto& p : bone.points)
            CHECK(std::abs(p.x * kSpacing - 20) < 9 + 1.5);
    }
    const auto none = bones_in(phantom([](double) { return 100.0; }));
    for (const auto& bone : none)
        CHECK(bone.confidence < 0.5);
}

TEST_CASE("ultrasound_bone: flanks too steep to echo are followed along the border of the shadow") {
    const auto ridge = [](double x) {
        const double aside = std::abs(x - 20);
        return aside < 5 ? 14 + 0.04 * aside * aside
                         : (aside < 7 ? 15 + 2.3 * (aside - 5)
                                      : std::numeric_limits<double>::quiet_NaN());
    };
    for (const std::uint64_t seed : {1, 2, 3}) {
        const auto bones = bones_in(phantom(ridge, seed, 0.06, 1));
        INFO("seed " << seed);
        REQUIRE(bones.size() == 1);
        CHECK(bones[0].points.front().x * kSpacing < 14.2);
        CHECK(bones[0].points.back().x * kSpacing > 25.8);
        const auto d = evaluate::surface_distance(in_mm(bones, {kSpacing, kSpacing}),
                                                  true_line(ridge, 13.1, 26.9));
        CHECK(d.mean_mm < 0.4);
        CHECK(d.back_mean_mm < 0.4);
    }
}

TEST_CASE("ultrasound_bone: no flank is drawn where the surface goes on beyond a gap") {
    const auto broken = [](double x) {
        return std::abs(x - 20) < 1.5 ? std::numeric_limits<double>::quiet_NaN() : 15.0;
    };
    for (const auto& bone : bones_in(phantom(broken))) {
        for (const auto& p : bone.points)
            CHECK(p.y * kSpacing < 16);
    }
}

TEST_CASE("ultrasound_bone: two bones with a joint between them are two surfaces") {
    const auto pair = [](double x) {
        return std::abs(x - 20) < 3 ? std::numeric_limits<double>::quiet_NaN()
                                    : 17 - 0.1 * std::abs(x - 20);
    };
    const auto bones = bones_in(phantom(pair), View::medial);
    REQUIRE(bones.size() == 2);
    CHECK(bones[0].points.back().x * kSpacing == Approx(17).margin(1.5));
    CHECK(bones[1].points.front().x * kSpacing == Approx(23).margin(1.5));
}

TEST_CASE("ultrasound_bone: femur and patella are told apart in the long suprapatellar view") {
    const auto knee = [](double x) { return x < 24 ? 28.0 : x > 27 ? 9 - 0.05 * (x - 27) : NAN; };
    const auto bones = bones_in(phantom(knee), View::suprapatellar_long);
    REQUIRE(bones.size() == 2);
    CHECK(bones[0].kind == BoneKind::femur);
    CHECK(bones[1].kind == BoneKind::patella);
}

TEST_CASE(
    "ultrasound_bone: a femur that hardly shadows is found where the view says it must be there") {
    const auto flat = [](double) { return 26.0; };
    const auto frame = phantom(flat, 5, 0.8);
    const auto bones = bones_in(frame, View::suprapatellar_long);
    const auto d =
        evaluate::surface_distance(in_mm(bones, {kSpacing, kSpacing}), true_line(flat, 2, 38));
    CHECK(d.mean_mm < 0.3);
}

TEST_CASE("ultrasound_bone: a flipped frame gives the flipped surface") {
    const Bone slanted = [](double x) { return 12 + 0.3 * x; };
    const Frame frame = phantom(slanted);
    Frame mirror = clone(frame);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x)
            mirror.intensity.at(x, y) = frame.intensity.at(kWidth - 1 - x, y);
    }
    auto anatomy = segment::find_anatomy(mirror, {View::bone});
    const auto d = evaluate::surface_distance(in_mm(mirrored(anatomy).bones, {kSpacing, kSpacing}),
                                              in_mm(bones_in(frame), {kSpacing, kSpacing}));
    CHECK(d.mean_mm < 0.05);
    CHECK(d.back_mean_mm < 0.05);
}

TEST_CASE("ultrasound_bone: a lifted black level hides nothing") {
    Frame lifted = phantom(round_shaft);
    for (std::size_t i = 0; i < lifted.intensity.size(); ++i)
        lifted.intensity.data()[i] = 60 + 0.6F * lifted.intensity.data()[i];
    const auto d = evaluate::surface_distance(in_mm(bones_in(lifted), {kSpacing, kSpacing}),
                                              true_line(round_shaft, 0, 39.9));
    CHECK(d.mean_mm < 0.2);
    CHECK(d.f1 > 0.95);
}

TEST_CASE("ultrasound_bone: any number of threads gives the same points") {
    const Frame frame = phantom(round_shaft);
    const auto one = bones_in(frame), four = bones_in(frame, View::bone, 4);
    REQUIRE(one.size() == four.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].points == four[i].points);
        CHECK(one[i].confidence == four[i].confidence);
    }
}

TEST_CASE(
    "ultrasound_bone: the same surface from a coarser grid, in stretched pixels, without a scale") {
    const Frame frame = phantom(round_shaft);
    // Every second column: pixels twice as wide as high.
    Frame wide;
    wide.modality = Modality::ultrasound;
    wide.intensity = Image<float>(kWidth / 2, kHeight);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth / 2; ++x) {
            wide.intensity.at(x, y) =
                (frame.intensity.at(2 * x, y) + frame.intensity.at(2 * x + 1, y)) / 2;
        }
    }
    wide.content_box = PixelBox{0, 0, kWidth / 2, kHeight};
    wide.spacing = Spacing{2 * kSpacing, kSpacing};
    const auto truth = true_line(round_shaft, 4, 36);
    CHECK(evaluate::surface_distance(in_mm(bones_in(wide), *wide.spacing), truth).mean_mm < 0.2);
    Frame unscaled = clone(frame);
    unscaled.spacing.reset();
    unscaled.spacing_source = SpacingSource::none;
    CHECK(
        evaluate::surface_distance(in_mm(bones_in(unscaled), {kSpacing, kSpacing}), truth).mean_mm <
        0.3);
}

TEST_CASE("ultrasound_bone: black, tiny, broken and absurdly scaled frames have none") {
    Frame black;
    black.modality = Modality::ultrasound;
    black.intensity = Image<float>(300, 200);
    black.content_box = PixelBox{0, 0, 300, 200};
    CHECK(bones_in(black).empty());
    for (std::size_t i = 0; i < black.intensity.size(); ++i)
        black.intensity.data()[i] = NAN;
    CHECK(bones_in(black).empty());
    black.display_high = black.display_low;
    CHECK(bones_in(black).empty());
    for (const int size : {1, 2, 5, 20}) {
        Frame tiny = phantom(round_shaft);
        Frame part;
        part.modality = Modality::ultrasound;
        part.intensity = copy_image(tiny.intensity.view().cropped(100, 100, size, size));
        part.content_box = PixelBox{0, 0, size, size};
        CHECK_NOTHROW(bones_in(part));
        part.spacing = Spacing{10, 10};
        CHECK_NOTHROW(bones_in(part));
    }
    Frame huge = phantom(round_shaft);
    huge.spacing = Spacing{10, 10};
    CHECK_NOTHROW(bones_in(huge));
    huge.spacing = Spacing{0.001, 0.001};
    CHECK_NOTHROW(bones_in(huge));
}

TEST_CASE("ultrasound_bone: real bone frames stay below 0.45 mm, the trochlea below 0.3 mm") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    double sum = 0;
    int count = 0;
    for (const auto& file : std::filesystem::directory_iterator(data / "us-bone" / "surface")) {
        const auto image = data / "us-bone" / "image" / (file.path().stem().string() + ".png");
        const auto bones = bones_in(read_frame(image, 0.05392));
        sum += mean_distance(bones, read_contour(file.path(), 0), 0.05392);
        ++count;
    }
    REQUIRE(count > 0);
    CHECK(sum / count < 0.45);

    const auto trochlea = data / "us-trochlea";
    const auto bones =
        bones_in(read_frame(trochlea / "Subject001_L_02.jpg", 0.0909), View::trochlea);
    CHECK(mean_distance(bones, read_contour(trochlea / "Subject001_L_02_contour_3.csv", 1),
                        0.0909) < 0.3);
}

TEST_CASE("ultrasound_bone: real muscle frames hold no bone of great confidence") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    for (const auto& file : std::filesystem::directory_iterator(data / "us-muscle")) {
        const auto extension = file.path().extension();
        if (extension != ".png" && extension != ".bmp") continue;
        for (const View view : {View::bone, View::unknown}) {
            for (const auto& bone : bones_in(read_frame(file.path(), 0), view)) {
                INFO(file.path().filename());
                CHECK(bone.kind == BoneKind::bone);
                CHECK(bone.confidence < 0.65);
            }
        }
    }
}
