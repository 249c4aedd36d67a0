// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"
#include "images.hpp"
#include "instruction_sets.hpp"

#include <guide/filters/scan_conversion.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <numbers>
#include <string>

using namespace guide;
using namespace guide::filters;

namespace {

BeamGrid linear(int lines = 96, int samples = 200, double steering = 0) {
    BeamGrid beam;
    beam.probe = {ProbeKind::linear, 38, 0, 0, steering, 0, 40};
    beam.lines = lines;
    beam.samples = samples;
    return beam;
}

BeamGrid curved(int lines = 96, int samples = 200, double radius = 60, double steering = 0) {
    BeamGrid beam;
    beam.probe = {ProbeKind::curvilinear, 0, radius, 1.1, steering, 2, 80};
    beam.lines = lines;
    beam.samples = samples;
    return beam;
}

const std::vector<BeamGrid> kProbes{
    linear(),           linear(64, 300, 0.3),    linear(64, 90, -0.5),   curved(),
    curved(65, 130, 0), curved(80, 90, 60, 0.2), curved(63, 64, 0, -0.3)};

/// A smooth scene in the scan plane, millimetre scale 5 and more.
double scene(ScanPoint p) {
    return 100 + 50 * std::sin(p.x / 6) * std::cos(p.y / 7) + 0.5 * p.y;
}

Image<float> scene_in(const BeamGrid& beam) {
    Image<float> image(beam.lines, beam.samples);
    for (int y = 0; y < beam.samples; ++y) {
        for (int x = 0; x < beam.lines; ++x)
            image.at(x, y) = static_cast<float>(
                scene(scan_from_beam(beam, {static_cast<double>(x), static_cast<double>(y)})));
    }
    return image;
}

Image<float> converted(const ScanConverter& converter, const Image<float>& in, int threads = 1) {
    Image<float> out(converter.out_width(), converter.out_height());
    converter.convert(in.view(), out.view(), {threads, {}});
    return out;
}

Image<std::uint8_t> mask_of(const ScanConverter& converter) {
    Image<std::uint8_t> mask(converter.out_width(), converter.out_height());
    converter.mask(mask.view());
    return mask;
}

double cubic(double t) {
    t = std::abs(t);
    if (t >= 2) return 0;
    return t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2;
}

/// The definition: every pixel of the source (continued at its border) by its weight.
double plain(const Image<float>& in, PixelPoint p, Interpolation interpolation) {
    const auto weight = [&](double t) {
        return interpolation == Interpolation::bicubic ? cubic(t) : std::max(0.0, 1 - std::abs(t));
    };
    double sum = 0;
    for (int y = static_cast<int>(p.y) - 2; y <= p.y + 2; ++y) {
        for (int x = static_cast<int>(p.x) - 2; x <= p.x + 2; ++x)
            sum += weight(x - p.x) * weight(y - p.y) *
                   in.at(std::clamp(x, 0, in.width() - 1), std::clamp(y, 0, in.height() - 1));
    }
    return sum;
}

}  // namespace

TEST_CASE("scan_conversion: positions come back to 1e-9") {
    for (const BeamGrid& beam : kProbes) {
        for (double sample = 0; sample <= beam.samples - 1; sample += 7.3) {
            for (double line = -3; line <= beam.lines + 3; line += 5.9) {
                const BeamPoint back = beam_from_scan(beam, scan_from_beam(beam, {line, sample}));
                CHECK(std::abs(back.line - line) < 1e-9);
                CHECK(std::abs(back.sample - sample) < 1e-9);
            }
        }
    }
}

TEST_CASE("scan_conversion: lines start at the face and run where they are sent") {
    const BeamGrid flat = linear(3, 5, 0.25);
    const ScanPoint end = scan_from_beam(flat, {1, 4});
    CHECK(end.x == Approx(40 * std::sin(0.25)));
    CHECK(end.y == Approx(40 * std::cos(0.25)));
    CHECK(scan_from_beam(flat, {0, 0}).x == Approx(-19));
    const BeamGrid arc = curved(3, 79, 60, 0.2);
    const ScanPoint middle = scan_from_beam(arc, {1, 78});
    CHECK(middle.x == Approx(80 * std::sin(0.2)));
    CHECK(middle.y == Approx(80 * std::cos(0.2)));
    const ScanPoint edge = scan_from_beam(arc, {2, 0});
    CHECK(edge.x == Approx(60 * std::sin(0.55) + 2 * std::sin(0.75)));
    CHECK(edge.y == Approx(60 * std::cos(0.55) - 60 + 2 * std::cos(0.75)));
    // Nothing passes near the centre of an arc whose lines are steered.
    CHECK(std::isnan(beam_from_scan(arc, {0, -60}).line));
}

TEST_CASE("scan_conversion: the picture covers the samples and no more") {
    for (const BeamGrid& beam : kProbes) {
        const PictureGrid picture = picture_over(beam.probe, {0.3, 0.25});
        double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
        for (double line = 0; line <= beam.lines - 1; line += 0.125) {
            for (const double sample : {0.0, 0.5 * (beam.samples - 1), beam.samples - 1.0}) {
                const PixelPoint p = pixel_from_scan(picture, scan_from_beam(beam, {line, sample}));
                left = std::min(left, p.x), right = std::max(right, p.x);
                top = std::min(top, p.y), bottom = std::max(bottom, p.y);
            }
        }
        CHECK((left > -1e-6 && left < 1 && top > -1e-6 && top < 1));
        CHECK((right < picture.width - 1 + 1e-6 && right > picture.width - 2.01));
        CHECK((bottom < picture.height - 1 + 1e-6 && bottom > picture.height - 2.01));
        const PixelPoint face = pixel_from_scan(picture, {0, 0});
        CHECK(std::abs(face.x - std::round(face.x)) < 1e-9);
    }
}

TEST_CASE("scan_conversion: the mask has the area of the sector") {
    const auto area = [](const BeamGrid& beam) {
        const PictureGrid picture = picture_over(beam.probe, {0.1, 0.1});
        const auto mask = mask_of(ScanConverter::to_picture(beam, picture));
        return 0.01 * static_cast<double>(std::count(mask.data(), mask.data() + mask.size(), 255));
    };
    CHECK(area(linear()) == Approx(38 * 40).epsilon(0.01));
    CHECK(area(linear(64, 90, -0.5)) == Approx(38 * 40 * std::cos(0.5)).epsilon(0.01));
    CHECK(area(curved()) == Approx(0.55 * (140 * 140 - 62 * 62)).epsilon(0.005));
    CHECK(area(curved(96, 200, 0)) == Approx(0.55 * (80 * 80 - 2 * 2)).epsilon(0.005));
}

TEST_CASE("scan_conversion: equals its definition, both ways, for every instruction set") {
    test::for_each_instruction_set([] {
        for (const BeamGrid& beam : kProbes) {
            for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
                const PictureGrid picture = picture_over(beam.probe, {0.83, 0.71});
                const auto in = test::random_image(beam.lines, beam.samples);
                const auto converter =
                    ScanConverter::to_picture(beam, picture, {interpolation, -7});
                const auto out = converted(converter, in);
                const auto mask = mask_of(converter);
                const auto back = ScanConverter::to_beam(picture, beam, {interpolation, -7});
                const auto beam_out = converted(back, out);
                const auto beam_mask = mask_of(back);
                double largest = 0;
                for (int y = 0; y < picture.height; ++y) {
                    for (int x = 0; x < picture.width; ++x) {
                        const BeamPoint p = beam_from_scan(
                            beam, scan_from_pixel(
                                      picture, {static_cast<double>(x), static_cast<double>(y)}));
                        const bool inside = p.line >= 0 && p.line <= beam.lines - 1 &&
                                            p.sample >= 0 && p.sample <= beam.samples - 1;
                        if (inside) REQUIRE(mask.at(x, y) == 255);
                        const double expected = mask.at(x, y) == 255
                                                    ? plain(in, {p.line, p.sample}, interpolation)
                                                    : -7;
                        largest = std::max(largest, std::abs(expected - out.at(x, y)));
                    }
                }
                CHECK(largest < 0.01);
                largest = 0;
                for (int y = 0; y < beam.samples; ++y) {
                    for (int x = 0; x < beam.lines; ++x) {
                        REQUIRE(beam_mask.at(x, y) == 255);
                        const PixelPoint p = pixel_from_scan(
                            picture,
                            scan_from_beam(beam, {static_cast<double>(x), static_cast<double>(y)}));
                        largest = std::max(
                            largest, std::abs(plain(out, p, interpolation) - beam_out.at(x, y)));
                    }
                }
                CHECK(largest < 0.01);
            }
        }
    });
}

TEST_CASE("scan_conversion: equals its definition at awkward sizes") {
    test::for_each_instruction_set([] {
        for (const int w : {2, 3, 63, 64, 65}) {
            for (const int h : {2, 3, 63, 64, 65}) {
                INFO(w << " x " << h);
                // All of the picture lies within the beams, so that its rows are runs of w pixels.
                const BeamGrid beam = linear(h, w);
                const PictureGrid picture{w, h, {37.0 / w, 39.0 / h}, {-18.4, 0.3}};
                const auto in = test::random_image(beam.lines, beam.samples);
                for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
                    const auto converter =
                        ScanConverter::to_picture(beam, picture, {interpolation});
                    const test::Strided source(in);
                    test::Strided out{Image<float>(w, h)};
                    converter.convert(source.part, out.part);
                    double largest = 0;
                    for (int y = 0; y < h; ++y) {
                        for (int x = 0; x < w; ++x) {
                            const BeamPoint p = beam_from_scan(
                                beam, scan_from_pixel(picture, {static_cast<double>(x),
                                                                static_cast<double>(y)}));
                            const double expected = plain(in, {p.line, p.sample}, interpolation);
                            largest = std::max(largest, std::abs(expected - out.part.at(x, y)));
                        }
                    }
                    CHECK(largest < 0.01);
                    CHECK(std::isnan(out.whole.at(3 + w, 2)));
                }
            }
        }
    });
}

TEST_CASE("scan_conversion: a smooth scene is where it was, forth and back") {
    for (const BeamGrid& beam : kProbes) {
        const PictureGrid picture = picture_over(beam.probe, {0.2, 0.2});
        const auto in = scene_in(beam);
        const auto to_picture = ScanConverter::to_picture(beam, picture, {Interpolation::bicubic});
        const auto out = converted(to_picture, in);
        const auto mask = mask_of(to_picture);
        double largest = 0;
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                if (mask.at(x, y) == 0) continue;
                const ScanPoint p =
                    scan_from_pixel(picture, {static_cast<double>(x), static_cast<double>(y)});
                largest = std::max(largest, std::abs(out.at(x, y) - scene(p)));
            }
        }
        CHECK(largest < 1.5);  // of 100; at the border, where the cubic has no outer pixel
        const auto back =
            converted(ScanConverter::to_beam(picture, beam, {Interpolation::bicubic}), out);
        largest = 0;
        for (int y = 0; y < beam.samples; ++y) {
            for (int x = 0; x < beam.lines; ++x) {
                // Off the border of the sector by more than the cubic reaches.
                bool clear = true;
                const PixelPoint p = pixel_from_scan(
                    picture,
                    scan_from_beam(beam, {static_cast<double>(x), static_cast<double>(y)}));
                for (int j = -2; j <= 3 && clear; ++j) {
                    for (int i = -2; i <= 3 && clear; ++i) {
                        const int px = static_cast<int>(p.x) + i, py = static_cast<int>(p.y) + j;
                        clear = mask.view().contains(px, py) && mask.at(px, py) != 0;
                    }
                }
                if (clear)
                    largest = std::max<double>(largest, std::abs(back.at(x, y) - in.at(x, y)));
            }
        }
        CHECK(largest < 1.5);
        CHECK(largest > 0);
    }
}

TEST_CASE("scan_conversion: a straight line stays straight") {
    // A bright sheet y = 30 + 0.2 x mm, drawn in beam space: its ridge in the picture lies on it.
    const BeamGrid beam = curved(192, 512);
    Image<float> in(beam.lines, beam.samples);
    const auto height = [](ScanPoint p) { return p.y - 30 - 0.2 * p.x; };
    for (int y = 0; y < beam.samples; ++y) {
        for (int x = 0; x < beam.lines; ++x) {
            const double h =
                height(scan_from_beam(beam, {static_cast<double>(x), static_cast<double>(y)}));
            in.at(x, y) = static_cast<float>(std::exp(-0.5 * h * h));
        }
    }
    const PictureGrid picture = picture_over(beam.probe, {0.2, 0.2});
    const auto out = converted(ScanConverter::to_picture(beam, picture), in);
    for (int x = picture.width / 4; x < 3 * picture.width / 4; ++x) {
        double sum = 0, mean = 0;
        for (int y = 0; y < picture.height; ++y) {
            sum += out.at(x, y);
            mean += out.at(x, y) * height(scan_from_pixel(
                                       picture, {static_cast<double>(x), static_cast<double>(y)}));
        }
        CHECK(std::abs(mean / sum) < 0.01);  // mm
    }
}

TEST_CASE("scan_conversion: constants stay, fill fills, flips commute") {
    const BeamGrid beam = curved();
    const PictureGrid picture = picture_over(beam.probe, {0.5, 0.5});
    for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        const auto converter = ScanConverter::to_picture(beam, picture, {interpolation, NAN});
        const auto mask = mask_of(converter);
        const auto out = converted(converter, Image<float>(96, 200, 123.4F));
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (mask.data()[i] == 0) {
                CHECK(std::isnan(out.data()[i]));
            } else {
                CHECK(std::abs(out.data()[i] - 123.4F) <=
                      (interpolation == Interpolation::bilinear ? 0.0F : 123.4e-6F));
            }
        }
        const auto filled = ScanConverter::to_picture(beam, picture, {interpolation, 0});
        const auto in = test::random_image(96, 200);
        CHECK(test::largest_difference(converted(filled, test::flipped_x(in)),
                                       test::flipped_x(converted(filled, in))) < 0.01);
    }
}

TEST_CASE("scan_conversion: what is not finite stays among its neighbours") {
    const BeamGrid beam = linear(39, 41);  // samples at whole millimetres
    const PictureGrid picture = picture_over(beam.probe, {0.5, 0.5});
    auto in = test::random_image(39, 41);
    const auto clean = converted(ScanConverter::to_picture(beam, picture), in);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        in.at(20, 10) = bad;
        const auto out = converted(ScanConverter::to_picture(beam, picture), in);
        int changed = 0;
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                if (out.at(x, y) == clean.at(x, y)) continue;
                CHECK_FALSE(std::isfinite(out.at(x, y)));
                CHECK((std::abs(x - 40) <= 2 && std::abs(y - 20) <= 2));
                ++changed;
            }
        }
        CHECK(changed >= 9);
    }
}

TEST_CASE("scan_conversion: strides, threads, repeats change nothing and allocate nothing") {
    const BeamGrid beam = curved(128, 300);
    const PictureGrid picture = picture_over(beam.probe, {0.25, 0.25});
    const auto in = test::random_image(128, 300);
    for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        const auto converter = ScanConverter::to_picture(beam, picture, {interpolation});
        const auto threaded = ScanConverter::to_picture(beam, picture, {interpolation}, {3, {}});
        const auto out = converted(converter, in);
        CHECK(test::largest_difference(converted(converter, in, 2), out) == 0);
        CHECK(test::largest_difference(converted(threaded, in, 3), out) == 0);
        const test::Strided source(in);
        test::Strided target(out);
        const test::Allocations allocations;
        converter.convert(source.part, target.part);
        CHECK(allocations.largest() < 10000);
        CHECK(test::largest_difference(target.part, out.view()) == 0);
        CHECK(std::isnan(target.whole.at(2, 2)));
    }
}

TEST_CASE("scan_conversion: smallest grids") {
    const BeamGrid beam = linear(2, 2);
    const PictureGrid picture = picture_over(beam.probe, {100, 100});
    CHECK((picture.width >= 2 && picture.height >= 2));
    for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        const auto fine =
            ScanConverter::to_picture(beam, picture_over(beam.probe, {0.5, 0.5}), {interpolation});
        CHECK(test::largest_difference(converted(fine, Image<float>(2, 2, 5.0F)),
                                       Image<float>(fine.out_width(), fine.out_height(), 5.0F)) <
              1e-5);
    }
}

TEST_CASE("scan_conversion: wrong calls name what is wrong") {
    const auto says = [](const auto& call, const std::string& word) {
        CHECK_THROWS_WITH(call(), Catch::Contains(word));
    };
    auto beam = curved();
    const PictureGrid picture = picture_over(beam.probe, {1, 1});
    const auto bad = [&](auto change, const char* word) {
        BeamGrid wrong = beam;
        change(wrong);
        says([&] { (void)ScanConverter::to_picture(wrong, picture); }, word);
        CHECK_THROWS_AS(beam_from_scan(wrong, {}), PreconditionError);
    };
    bad([](auto& b) { b.lines = 1; }, "lines");
    bad([](auto& b) { b.samples = 70000; }, "samples");
    bad([](auto& b) { b.probe.radius_mm = -1; }, "radius_mm");
    bad([](auto& b) { b.probe.opening_rad = 4; }, "opening_rad");
    bad([](auto& b) { b.probe.steering_rad = NAN; }, "steering_rad");
    bad([](auto& b) { b.probe.start_mm = -1; }, "start_mm");
    bad([](auto& b) { b.probe.end_mm = b.probe.start_mm; }, "end_mm");
    bad([](auto& b) { b.probe = {ProbeKind::linear, 0}; }, "width_mm");
    says([&] { (void)picture_over(beam.probe, {0, 1}); }, "spacing");
    says([&] { (void)picture_over(beam.probe, {1e-4, 1}); }, "65535");
    PictureGrid wrong = picture;
    wrong.width = 1;
    says([&] { (void)ScanConverter::to_beam(wrong, beam); }, "width");
    const auto converter = ScanConverter::to_picture(beam, picture);
    Image<float> in(96, 200), out(5, 5);
    says([&] { converter.convert(in.view(), out.view()); }, "out");
    says([&] { converter.convert(out.view(), out.view()); }, "in");
    std::stop_source stop;
    stop.request_stop();
    Image<float> right(converter.out_width(), converter.out_height());
    CHECK_THROWS_AS(converter.convert(in.view(), right.view(), {1, stop.get_token()}), Stopped);
}
