// SPDX-License-Identifier: Apache-2.0
//
// Figures of frames, simulated ones beside real ones; run by hand.
#include "support/frame_statistics.hpp"

#include <guide/core/random.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/io/write.hpp>
#include <guide/segment/segment.hpp>
#include <guide/simulate/placement.hpp>
#include <guide/simulate/scanner.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace guide;
using namespace guide::test;
using Eigen::Vector3d;

const char* const kUsage =
    "guide_simulated_statistics [--frames LIST.csv [--kind WORDS]] [--count N] [--first SEED]\n"
    "                           [--fluid MM2] [--save DIR] [--each]\n"
    "  --frames  real frames: a table with the columns file (beside the table), view_burned_in,\n"
    "            roi_x0, roi_y0, roi_x1, roi_y1, mm_per_px_estimated\n"
    "  --kind    only those whose view_burned_in holds WORDS (SUPRAPAT LONG)\n"
    "  --count   random knees with random scanners, suprapatellar view (20)\n"
    "  --fluid   no knees with more of it in the picture, mm2 (100: as much as is traced on the\n"
    "            real frames)\n"
    "  --each    every frame's figures, not their ranges alone\n"
    "Exit status 1: a figure lies beyond the real frames' range in more than one of twenty.\n";

struct Measured {
    std::string name;
    Figures figures;
};

std::vector<BoneSurface> bones_of(const Frame& frame) {
    segment::SegmentOptions options;
    options.view = View::suprapatellar_long;
    return segment::find_anatomy(frame, options).bones;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');)
        cells.push_back(cell);
    return cells;
}

std::vector<Measured> real_frames(const std::filesystem::path& table, const std::string& kind) {
    std::ifstream in(table);
    std::string line;
    std::getline(in, line);
    std::map<std::string, std::size_t> column;
    for (const std::string& name : cells_of(line))
        column.emplace(name, column.size());
    std::vector<Measured> measured;
    while (std::getline(in, line)) {
        const std::vector<std::string> cells = cells_of(line);
        const auto cell = [&](const char* name) { return cells.at(column.at(name)); };
        const auto number = [&](const char* name) { return std::stoi(cell(name)); };
        if (cell("view_burned_in").find(kind) == std::string::npos) continue;
        const std::filesystem::path path = table.parent_path() / cell("file");
        Frame frame = io::open(path)->read(0);
        const double mm = std::stod(cell("mm_per_px_estimated"));
        const PixelBox box{number("roi_x0"), number("roi_y0"), number("roi_x1"), number("roi_y1")};
        frame.spacing = Spacing{mm, mm};
        frame.spacing_source = SpacingSource::user;
        measured.push_back(
            {path.parent_path().filename().string() + "/" + path.stem().string().substr(0, 8) +
                 cell("view_burned_in"),
             figures_of(frame.intensity.view(), box, *frame.spacing, bones_of(frame))});
    }
    return measured;
}

double mean_of(const Frame& frame) {
    double sum = 0;
    for (int y = 0; y < frame.intensity.height(); ++y) {
        for (int x = 0; x < frame.intensity.width(); ++x)
            sum += static_cast<double>(frame.intensity.view().at(x, y));
    }
    return sum / (static_cast<double>(frame.intensity.width()) * frame.intensity.height());
}

double femur_depth(const simulate::Knee& knee, const RigidTransform<PatientSpace, ProbeSpace>& pose,
                   double x) {
    double depth = 0;
    while (depth < 60 && knee.at(pose * Vector3d(x, depth, 0)).tissue != simulate::Tissue::femur)
        depth += 0.2;
    return depth;
}

/// Area of the fluid in the picture, mm2.
double fluid_area(const simulate::Knee& knee, const RigidTransform<PatientSpace, ProbeSpace>& pose,
                  const simulate::UltrasoundSettings& settings) {
    constexpr double kStep = 0.4;
    int count = 0;
    for (double x = -0.5 * settings.probe.width_mm; x < 0.5 * settings.probe.width_mm; x += kStep) {
        for (double y = 0; y < settings.probe.end_mm; y += kStep)
            count += knee.at(pose * Vector3d(x, y, 0)).tissue == simulate::Tissue::joint_fluid;
    }
    return kStep * kStep * count;
}

/// None where the picture holds more fluid.
std::optional<Frame> simulated_frame(std::uint64_t seed, double most_fluid_mm2) {
    const simulate::KneeParameters parameters = simulate::random_knee(seed);
    const simulate::Knee knee(parameters);
    // The real frames show the patella's base, not its edge alone: the hand is further down.
    simulate::ProbeOffset hand;
    hand.along_mm = 5 + std::clamp(Random(seed, 0x68616e64).normal(), -2.0, 2.0);
    const auto pose = simulate::standard_pose(knee, View::suprapatellar_long, hand);
    // So deep that nearly all of the femur's front shows that the patella does not hide.
    std::vector<double> depths;
    for (double x = -24; x <= 4; x += 2)
        depths.push_back(femur_depth(knee, pose, x));
    std::sort(depths.begin(), depths.end());
    simulate::UltrasoundSettings settings =
        simulate::random_scanner(seed, std::clamp(depths[depths.size() * 9 / 10 - 1], 15.0, 60.0));
    const simulate::Knee pressed = knee.pressed({pose, settings.probe.width_mm, 12});
    if (fluid_area(pressed, pose, settings) > most_fluid_mm2) return std::nullopt;
    simulate::Region box{Vector3d::Constant(1e9), Vector3d::Constant(-1e9)};
    for (int i = 0; i < 8; ++i) {
        const Vector3d corner =
            pose * Vector3d((i & 1) != 0 ? 27 : -27, (i & 2) != 0 ? settings.probe.end_mm + 1 : -1,
                            (i & 4) != 0 ? 4 : -4);
        box.low = box.low.cwiseMin(corner);
        box.high = box.high.cwiseMax(corner);
    }
    const auto field = std::make_shared<simulate::TissueField>(pressed.field(box, 0.4, {2}));
    // As hands do: gain until the picture is neither dark nor bright, as bright as one likes it.
    const double liked = Random(seed, 0x6761696e).uniform(38, 54);
    const Frame first = simulate::UltrasoundSimulator(field, settings).frame(pose, {}, {2});
    settings.gain_db += (liked - mean_of(first)) * settings.dynamic_range_db / 255;
    return simulate::UltrasoundSimulator(field, settings).frame(pose, {}, {2});
}

void save(const Frame& frame, const std::filesystem::path& path) {
    Image<std::uint8_t> grey(frame.intensity.width(), frame.intensity.height());
    for (int y = 0; y < grey.height(); ++y) {
        for (int x = 0; x < grey.width(); ++x)
            grey.view().at(x, y) =
                static_cast<std::uint8_t>(std::lround(frame.intensity.view().at(x, y)));
    }
    io::write_mask_png(path, grey.view());
}

struct Range {
    double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
    int count = 0;
    void add(double value) {
        if (std::isnan(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        ++count;
    }
    [[nodiscard]] bool holds(double value) const { return value >= low && value <= high; }
};

Range range_of(const std::vector<Measured>& frames, std::size_t figure) {
    Range range;
    for (const Measured& m : frames)
        range.add(m.figures[figure]);
    return range;
}

void list(const std::vector<Measured>& frames) {
    for (const std::string_view name : kFigureNames)
        std::cout << name << ' ';
    std::cout << '\n' << std::setprecision(2);
    for (const Measured& m : frames) {
        for (std::size_t k = 0; k < kFigureCount; ++k)
            std::cout << std::setw(7) << std::setprecision(k < kBlack ? 0 : 2) << m.figures[k];
        std::cout << "  " << m.name << '\n';
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::filesystem::path table, folder;
    std::string kind = "SUPRAPAT LONG";
    int count = 20;
    std::uint64_t first = 1;
    double most_fluid_mm2 = 100;
    bool each = false;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--each") {
            each = true;
            continue;
        }
        if (i + 1 >= argc) {
            std::cerr << kUsage;
            return 2;
        }
        const std::string value = argv[++i];
        if (option == "--frames") {
            table = value;
        } else if (option == "--kind") {
            kind = value;
        } else if (option == "--count") {
            count = std::atoi(value.c_str());
        } else if (option == "--first") {
            first = std::strtoull(value.c_str(), nullptr, 10);
        } else if (option == "--fluid") {
            most_fluid_mm2 = std::atof(value.c_str());
        } else if (option == "--save") {
            folder = value;
        } else {
            std::cerr << kUsage;
            return 2;
        }
    }
    std::cout << std::fixed;
    std::vector<Measured> real, simulated;
    if (!table.empty()) real = real_frames(table, kind);
    for (std::uint64_t seed = first; simulated.size() < static_cast<std::size_t>(count); ++seed) {
        // The real frames show no thicker lining than that.
        const simulate::KneeParameters knee = simulate::random_knee(seed);
        if (knee.effusion_mm > 8 || knee.synovium_mm > 4) continue;
        const std::optional<Frame> frame = simulated_frame(seed, most_fluid_mm2);
        if (!frame) continue;
        if (!folder.empty()) save(*frame, folder / ("knee_" + std::to_string(seed) + ".png"));
        simulated.push_back({"seed " + std::to_string(seed),
                             figures_of(frame->intensity.view(), *frame->content_box,
                                        *frame->spacing, bones_of(*frame))});
    }
    if (each) {
        list(real);
        list(simulated);
    }
    std::cout << std::setw(18) << "figure" << std::setw(28) << "real: low mean high"
              << std::setw(30) << "simulated: low mean high"
              << "  within\n";
    bool good = true;
    for (std::size_t k = 0; k < kFigureCount; ++k) {
        const Range of_real = range_of(real, k), of_simulated = range_of(simulated, k);
        int within = 0;
        for (const Measured& m : simulated)
            within += of_real.holds(m.figures[k]) ? 1 : 0;
        std::cout << std::setw(18) << kFigureNames[k] << std::setprecision(2);
        for (const Range& r : {of_real, of_simulated})
            std::cout << std::setw(10) << r.low << std::setw(9) << r.sum / r.count << std::setw(9)
                      << r.high;
        std::cout << "  " << within << " of " << of_simulated.count << '\n';
        if (!real.empty() && 20 * within < 19 * of_simulated.count) good = false;
    }
    return good ? 0 : 1;
}
