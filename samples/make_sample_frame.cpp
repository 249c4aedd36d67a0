// SPDX-License-Identifier: Apache-2.0
// Makes samples/data/suprapatellar_long.png and .json: a knee that never was, on the screen of a
// scanner that never was. Layers of a long suprapatellar view are drawn as scatterers of different
// strength, blurred by a beam that widens away from its focus, and log-compressed; the outlines the
// layers were drawn from are written beside it as the truth.
//
// Usage: make_sample_frame FOLDER

#include <guide/core/image.hpp>
#include <guide/core/random.hpp>
#include <guide/io/write.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace {

// The screen and where the picture stands in it, px; the picture is 48 mm wide and 40 mm deep.
constexpr int kScreenWidth = 640, kScreenHeight = 480;
constexpr int kLeft = 88, kTop = 36, kWidth = 480, kHeight = 400;
constexpr double kMmPerPx = 0.1;
constexpr double kWidthMm = kWidth * kMmPerPx;
constexpr double kFocusMm = 19;
constexpr double kDynamicRangeDb = 60, kGainDb = 11.5;
constexpr std::uint64_t kSeed = 20250611;

double bump(double x, double centre, double width) {
    const double t = (x - centre) / width;
    return std::exp(-t * t);
}

double step_up(double x, double at, double softness) {
    return 1 / (1 + std::exp(-(x - at) / softness));
}

// Depths of the layers in mm, x in mm from the left (the head's side).
double skin(double) {
    return 1.3;
}
double fat(double x) {
    return 6.9 - 0.035 * x + 0.35 * std::sin(0.33 * x + 0.8) - 1.6 * step_up(x, 36, 3.5);
}
double tendon_top(double x) {
    return 12.2 - 0.06 * x - 3.9 * step_up(x, 26, 5.5) + 0.15 * std::sin(0.4 * x);
}
double tendon_bottom(double x) {
    return tendon_top(x) + 5.3 - 0.4 * step_up(x, 30, 4);
}

// The patella's near surface, from its upper pole at 35.5 mm on.
constexpr double kPatellaPole = 35.5;
double patella(double x) {
    const double t = x - kPatellaPole;
    return 12.6 - 6.3 * (1 - std::exp(-t / 1.9)) + 0.2 * std::sin(0.9 * t) + 0.012 * t * t;
}

// The recess: a lens under the tendon, thickest near its lower end.
constexpr double kRecessBegin = 7, kRecessEnd = 33.5;
double recess_middle(double x) {
    return 20.7 - 0.035 * (x - 20) + 0.35 * std::sin(0.25 * x);
}
double recess_thickness(double x) {
    const double t = (x - kRecessBegin) / (kRecessEnd - kRecessBegin);
    if (t <= 0 || t >= 1) return 0;
    return 8.2 * std::pow(t, 0.85) * std::pow(1 - t, 0.6) / 0.55;
}
double recess_roof(double x) {
    return recess_middle(x) - 0.48 * recess_thickness(x);
}
double recess_floor(double x) {
    return recess_middle(x) + 0.52 * recess_thickness(x) + 0.12 * std::sin(0.9 * x);
}
double femur(double x) {
    return 30.6 - 0.045 * x + 0.4 * std::sin(0.16 * x + 0.6) + 0.07 * std::sin(1.7 * x) -
           0.9 * bump(x, 44, 7);
}

// Smooth noise with a grain of `gx` x `gy` mm, mean 0, about -1 to 1; the same at every call.
class Grain {
  public:
    explicit Grain(std::uint64_t stream) : random_(kSeed, stream) {
        for (double& v : values_)
            v = random_.uniform(-1, 1);
    }
    [[nodiscard]] double at(double x, double y, double gx, double gy) const {
        const double u = x / gx + 400, v = y / gy + 400;
        const auto i = static_cast<int>(std::floor(u)), j = static_cast<int>(std::floor(v));
        const double a = ease(u - i), b = ease(v - j);
        return (1 - b) * ((1 - a) * cell(i, j) + a * cell(i + 1, j)) +
               b * ((1 - a) * cell(i, j + 1) + a * cell(i + 1, j + 1));
    }

  private:
    static constexpr int kSize = 256;
    static double ease(double t) { return t * t * (3 - 2 * t); }
    [[nodiscard]] double cell(int i, int j) const {
        const int k = (((j % kSize) + kSize) % kSize) * kSize + ((i % kSize) + kSize) % kSize;
        return values_[static_cast<std::size_t>(k)];
    }
    guide::Random random_;
    std::vector<double> values_ = std::vector<double>(static_cast<std::size_t>(kSize) * kSize);
};

struct Phantom {
    cv::Mat1d scatter{cv::Mat1d::zeros(kHeight, kWidth)};   // mean strength of scatterers, linear
    cv::Mat1d specular{cv::Mat1d::zeros(kHeight, kWidth)};  // of smooth interfaces, linear
    cv::Mat1d through{cv::Mat1d::ones(kHeight, kWidth)};    // what shadows leave of the sound
};

double linear(double db) {
    return std::pow(10, db / 20);
}

// A bright interface along a curve; `db` may vary along it.
void add_line(Phantom& phantom, const std::function<double(double)>& depth, double from, double to,
              double thickness, const std::function<double(double)>& db) {
    for (int i = 0; i < kWidth; ++i) {
        const double x = i * kMmPerPx;
        if (x < from || x > to) continue;
        const double slope = (depth(x + 0.3) - depth(x - 0.3)) / 0.6;
        // A mirror throws sound back when it faces the probe.
        const double facing = std::exp(-slope * slope / 0.5);
        const double fade = std::min({1.0, (x - from) / 1.5 + 0.05, (to - x) / 1.5 + 0.05});
        const double strength = linear(db(x)) * (0.25 + 0.75 * facing) * fade;
        for (int j = 0; j < kHeight; ++j) {
            const double d = (j * kMmPerPx - depth(x)) / thickness;
            if (std::abs(d) < 3) phantom.specular(j, i) += strength * std::exp(-d * d);
        }
    }
}

// Echo strength of tissue without interfaces, dB.
double tissue_db(double x, double y, const Grain& fine, const Grain& coarse) {
    const double cloud = 3.5 * coarse.at(x, y, 4.5, 2.2) + 2 * coarse.at(x + 9, y, 1.6, 0.9);
    // Fibres: bright streaks of uneven length; more of them the larger `share` is.
    const auto streaks = [&](double along, double long_mm, double thick_mm, double share) {
        const double v = 0.65 * fine.at(x, along, long_mm, thick_mm) +
                         0.35 * fine.at(x + 31, along, 0.4 * long_mm, 0.7 * thick_mm);
        return std::max(0.0, v + share);
    };
    if (y < skin(x)) return -19 + 4 * fine.at(x, y, 1.2, 0.3);
    if (y < fat(x)) {
        // Lobules with thin septa between them.
        const double septum = std::abs(coarse.at(x + 1.6 * y, y, 6, 1.9));
        return -42 + cloud + 20 * bump(septum, 0, 0.1) * (0.6 + 0.4 * fine.at(x, y, 2, 2));
    }
    if (x > kPatellaPole && y > patella(x)) return -70;
    if (y > femur(x)) return -44 + 5 * fine.at(x, y - femur(x), 6, 0.8);
    if (y < tendon_top(x)) {
        const double t = (y - fat(x)) / (tendon_top(x) - fat(x));
        return -44 + 1.4 * cloud + 30 * streaks(6 * t, 5, 0.5, 0.0);
    }
    if (y < tendon_bottom(x)) {
        const double along = y - tendon_top(x);
        return -40 + 1.2 * cloud + 30 * streaks(along, 7, 0.36, 0.16);
    }
    if (y > recess_roof(x) && y < recess_floor(x)) return -62;
    if (y < recess_middle(x) + 1.0) {
        const double along = y - recess_roof(x);
        return -39 + 1.3 * cloud +
               18 * streaks(along, 3.5, 0.7, 0.12);  // fat above the recess, capsule
    }
    const double along = y - 0.75 * femur(x) - 0.25 * recess_floor(x);
    return -38 + 1.4 * cloud + 26 * streaks(along, 4, 0.55, 0.12);  // prefemoral fat
}

Phantom make_phantom() {
    Phantom phantom;
    const Grain fine(1), coarse(2), patchy(3);
    for (int j = 0; j < kHeight; ++j) {
        for (int i = 0; i < kWidth; ++i) {
            phantom.scatter(j, i) = linear(tissue_db(i * kMmPerPx, j * kMmPerPx, fine, coarse));
        }
    }
    const auto uneven = [&](double db, double range, double shift) {
        return [&patchy, db, range, shift](double x) {
            return db + range * (patchy.at(x, shift, 3.2, 1) + 0.7 * patchy.at(x, shift, 0.9, 1));
        };
    };
    add_line(
        phantom, [](double x) { return 0.3 + 0.02 * std::sin(x); }, -2, 50, 0.2, uneven(-18, 3, 1));
    add_line(phantom, skin, -2, 50, 0.12, uneven(-24, 5, 2));
    add_line(phantom, fat, -2, 50, 0.13, uneven(-16, 8, 3));
    add_line(
        phantom, [](double x) { return 0.5 * fat(x) + 1.6 + 0.5 * std::sin(0.5 * x); }, 3, 31, 0.1,
        uneven(-27, 9, 4));
    add_line(
        phantom, [](double x) { return 0.45 * fat(x) + 0.55 * tendon_top(x); }, -2, 30, 0.11,
        uneven(-24, 10, 5));
    add_line(phantom, tendon_top, -2, 38, 0.14, uneven(-19, 9, 6));
    add_line(phantom, tendon_bottom, -2, 34, 0.12, uneven(-22, 8, 7));
    add_line(phantom, recess_roof, kRecessBegin - 2, kRecessEnd + 0.5, 0.12, uneven(-21, 7, 8));
    add_line(phantom, recess_floor, kRecessBegin - 2, kRecessEnd + 0.5, 0.14, uneven(-18, 7, 9));
    add_line(phantom, patella, kPatellaPole, 50, 0.18, uneven(-9, 5, 10));
    add_line(phantom, femur, -2, 50, 0.18, uneven(-10, 6, 11));

    // Bone throws a shadow with soft sides; fluid lets more through than what lies beside it.
    for (int i = 0; i < kWidth; ++i) {
        const double x = i * kMmPerPx;
        for (int j = 0; j < kHeight; ++j) {
            const double y = j * kMmPerPx;
            const double under = x > kPatellaPole - 2 ? y - patella(std::max(x, kPatellaPole)) : -1;
            const double depth_of_shadow = 44 * step_up(under, 1.2, 0.35);
            phantom.through(j, i) *= linear(
                -depth_of_shadow * step_up(x, kPatellaPole + 0.2 + 0.02 * y, 0.5 + 0.022 * y));
            phantom.through(j, i) *=
                linear(-19 * step_up(y - femur(x), 1.4, 0.5) - 0.9 * std::max(0.0, y - femur(x)));
            if (y > recess_floor(x) && recess_thickness(x) > 0) {
                phantom.through(j, i) *= linear(0.8 * recess_thickness(x));
            }
            phantom.through(j, i) *= linear(-0.16 * std::max(0.0, y - kFocusMm));
        }
    }
    return phantom;
}

// The beam: short along the depth, wider across and widest away from its focus.
void blur(cv::Mat1d& field) {
    cv::GaussianBlur(field, field, {1, 0}, 0.01, 1.25, cv::BORDER_REPLICATE);
    for (int j = 0; j < field.rows; ++j) {
        const double sigma = (0.22 + 0.016 * std::abs(j * kMmPerPx - kFocusMm)) / kMmPerPx;
        cv::Mat1d row = field.row(j);
        cv::Mat1d smooth;
        cv::GaussianBlur(row, smooth, {0, 1}, sigma, 0.01, cv::BORDER_REPLICATE);
        smooth *= std::sqrt(sigma);  // as much energy as went in
        smooth.copyTo(row);
    }
}

// One look from one direction: the envelope of what comes back.
cv::Mat1d look(const Phantom& phantom, std::uint64_t stream) {
    guide::Random random(kSeed, stream);
    cv::Mat1d in_phase(kHeight, kWidth), quadrature(kHeight, kWidth);
    for (int j = 0; j < kHeight; ++j) {
        for (int i = 0; i < kWidth; ++i) {
            const double gain = phantom.through(j, i);
            in_phase(j, i) =
                gain * (phantom.scatter(j, i) * random.normal() + 0.45 * phantom.specular(j, i));
            quadrature(j, i) = gain * phantom.scatter(j, i) * random.normal();
        }
    }
    blur(in_phase);
    blur(quadrature);
    cv::Mat1d envelope(kHeight, kWidth);
    for (int j = 0; j < kHeight; ++j) {
        for (int i = 0; i < kWidth; ++i) {
            envelope(j, i) = std::hypot(in_phase(j, i), quadrature(j, i));
        }
    }
    return envelope;
}

cv::Mat1b scan(const Phantom& phantom) {
    // Looks from several directions are averaged, as scanners do, which calms the speckle.
    constexpr int kLooks = 4;
    cv::Mat1d envelope(kHeight, kWidth, 0.0);
    for (int k = 0; k < kLooks; ++k) {
        envelope += look(phantom, 20 + static_cast<std::uint64_t>(k)) / kLooks;
    }
    // Side lobes: a faint smear of everything across the beam.
    cv::Mat1d smear;
    cv::GaussianBlur(envelope, smear, {0, 0}, 28, 7, cv::BORDER_REPLICATE);
    envelope += 0.018 * smear;
    guide::Random random(kSeed, 9);
    cv::Mat1d level(kHeight, kWidth);
    for (int j = 0; j < kHeight; ++j) {
        for (int i = 0; i < kWidth; ++i) {
            const double noise = 5e-4 * (1 + 0.03 * j * kMmPerPx) * std::abs(random.normal());
            const double db = 20 * std::log10(envelope(j, i) + noise) + kGainDb;
            level(j, i) = std::clamp((db + kDynamicRangeDb) / kDynamicRangeDb, 0.0, 1.0);
        }
    }
    cv::GaussianBlur(level, level, {0, 0}, 0.7, 0.5);
    cv::Mat1b picture(kHeight, kWidth);
    for (int j = 0; j < kHeight; ++j) {
        for (int i = 0; i < kWidth; ++i) {
            picture(j, i) = cv::saturate_cast<std::uint8_t>(255 * std::pow(level(j, i), 1.5));
        }
    }
    return picture;
}

void write_words(cv::Mat3b& screen, const std::string& text, int x, int y, double size, int grey) {
    cv::putText(screen, text, {x, y}, cv::FONT_HERSHEY_DUPLEX, size, cv::Scalar::all(grey), 1,
                cv::LINE_AA);
}

cv::Mat3b make_screen(const cv::Mat1b& picture) {
    cv::Mat3b screen(kScreenHeight, kScreenWidth, cv::Vec3b(3, 3, 3));
    cv::Mat3b grey;
    cv::cvtColor(picture, grey, cv::COLOR_GRAY2RGB);
    grey.copyTo(screen(cv::Rect(kLeft, kTop, kWidth, kHeight)));

    cv::circle(screen, {kLeft + 22, 18}, 5, cv::Scalar(64, 190, 150), cv::FILLED, cv::LINE_AA);
    write_words(screen, "R SUPRAPAT LONG", kLeft + 36, 23, 0.5, 200);
    write_words(screen, "PHANTOM", 10, 23, 0.4, 150);
    write_words(screen, "MSK", 10, 54, 0.4, 150);
    write_words(screen, "L 12", 10, 72, 0.4, 150);
    write_words(screen, "Gain 52", 10, 102, 0.36, 110);
    write_words(screen, "DR 60", 10, 118, 0.36, 110);
    write_words(screen, "MI 0.9", 582, 54, 0.38, 130);
    write_words(screen, "TIs 0.1", 582, 72, 0.38, 130);
    // Depth: a tick for 5 mm, a longer one for each centimetre.
    for (int mm = 0; mm <= 40; mm += 5) {
        const int y = kTop + static_cast<int>(std::lround(mm / kMmPerPx));
        const int length = mm % 10 == 0 ? 8 : 4;
        cv::line(screen, {574, y}, {574 + length, y}, cv::Scalar::all(170));
    }
    write_words(screen, "4.0 cm", 588, kTop + kHeight + 4, 0.38, 170);
    cv::rectangle(screen, cv::Rect(0, 450, kScreenWidth, 30), cv::Scalar(24, 26, 29), cv::FILLED);
    const std::vector<std::string> buttons{"Freeze", "Depth", "Gain", "Calliper", "Text", "Store"};
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        write_words(screen, buttons[i], kLeft + static_cast<int>(i) * 82, 470, 0.4, 140);
    }
    return screen;
}

// ---- truth ----

struct Point {
    double x, y;
};

Point on_screen(double x_mm, double y_mm) {
    return {kLeft + x_mm / kMmPerPx, kTop + y_mm / kMmPerPx};
}

std::string json(const std::vector<Point>& points) {
    std::string text = "[";
    for (const Point& p : points) {
        char pair[64];
        std::snprintf(pair, sizeof pair, "%s[%.1f, %.1f]", text.size() > 1 ? ", " : "", p.x, p.y);
        text += pair;
    }
    return text + "]";
}

std::vector<Point> curve(const std::function<double(double)>& depth, double from, double to) {
    std::vector<Point> points;
    for (double x = from; x <= to + 1e-9; x += 0.4)
        points.push_back(on_screen(x, depth(x)));
    return points;
}

std::string truth() {
    std::vector<Point> outline = curve(recess_roof, kRecessBegin + 0.4, kRecessEnd - 0.1);
    std::vector<Point> back = curve(recess_floor, kRecessBegin + 0.4, kRecessEnd - 0.1);
    outline.insert(outline.end(), back.rbegin(), back.rend());
    const double last = kWidthMm - kMmPerPx;
    char head[512];
    std::snprintf(head, sizeof head,
                  "{\n"
                  "  \"frame\": \"suprapatellar_long.png\",\n"
                  "  \"view\": \"suprapatellar-long\",\n"
                  "  \"spacing_mm\": [%g, %g],\n"
                  "  \"depth_mm\": 40,\n"
                  "  \"content_box_px\": [%d, %d, %d, %d],\n",
                  kMmPerPx, kMmPerPx, kLeft, kTop, kLeft + kWidth, kTop + kHeight);
    return std::string(head) + "  \"skin_px\": " + json({on_screen(0, 0), on_screen(last, 0)}) +
           ",\n  \"joint_space\": {\"contours_px\": [" + json(outline) +
           "]},\n  \"bones\": [\n    {\"kind\": \"femur\", \"points_px\": " +
           json(curve(femur, 0, kPatellaPole)) + "},\n    {\"kind\": \"patella\", \"points_px\": " +
           json(curve(patella, kPatellaPole, last)) + "}\n  ]\n}\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_sample_frame FOLDER\n";
        return 2;
    }
    try {
        const cv::Mat3b screen = make_screen(scan(make_phantom()));
        const std::filesystem::path folder(argv[1]);
        static_assert(sizeof(guide::Rgb8) == sizeof(cv::Vec3b));
        const guide::ImageView<const guide::Rgb8> view(
            reinterpret_cast<const guide::Rgb8*>(screen.data), screen.cols, screen.rows,
            static_cast<std::ptrdiff_t>(screen.step1() / 3));
        guide::io::write_png(folder / "suprapatellar_long.png", view);
        guide::io::write_text(folder / "suprapatellar_long.json", truth());
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
