// SPDX-License-Identifier: Apache-2.0
#include "radiograph_widths.hpp"

#include "radiograph_landmarks.hpp"

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace guide;
using guide::segment::JointEdges;

constexpr double kMm = 0.3;  // a pixel of the landmarks' file

JointEdges edges_between(int columns, const std::function<double(double)>& femur,
                         const std::function<double(double)>& tibia, double step = 1) {
    JointEdges edges;
    edges.x0 = 30;
    edges.step = step;
    for (int i = 0; i < columns; ++i) {
        edges.femur.push_back(femur(i * step));
        edges.tibia.push_back(tibia(i * step));
    }
    edges.closed.assign(static_cast<std::size_t>(columns), 0);
    return edges;
}

/// A knee's edges: condyles with a notch of height 40, plateau with two spines 20 high.
JointEdges knee_edges(double slope = 0, double left_gap = 12, double right_gap = 9) {
    const auto bump = [](double x, double at, double width) {
        return std::exp(-0.5 * std::pow((x - at) / width, 2));
    };
    return edges_between(
        201, [=](double x) { return 100 + slope * x - 40 * bump(x, 100, 14); },
        [=](double x) {
            return 100 + slope * x + (x < 100 ? left_gap : right_gap) - 20 * bump(x, 85, 5) -
                   18 * bump(x, 115, 5);
        });
}

PixelPolyline points_in(const std::string& words) {
    std::stringstream stream(words);
    std::vector<double> numbers;
    for (std::string word; std::getline(stream, word, ',');)
        numbers.push_back(std::stod(word));
    PixelPolyline points;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
        points.push_back({numbers[i], numbers[i + 1]});
    return points;
}

double row_of(const PixelPolyline& line, double x) {
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (x > line[i].x && i + 1 < line.size()) continue;
        const double t = (x - line[i - 1].x) / (line[i].x - line[i - 1].x);
        return line[i - 1].y + t * (line[i].y - line[i - 1].y);
    }
    return line.back().y;
}

/// The edges that polylines through the landmarks make.
JointEdges edges_through(const PixelPolyline& femur, const PixelPolyline& tibia) {
    const double from = std::max(femur.front().x, tibia.front().x),
                 to = std::min(femur.back().x, tibia.back().x);
    JointEdges edges = edges_between(
        static_cast<int>(to - from) + 1, [&](double x) { return row_of(femur, from + x); },
        [&](double x) { return row_of(tibia, from + x); });
    edges.x0 = from;
    return edges;
}

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

}  // namespace

TEST_CASE("radiograph widths: parallel edges are as far apart as their distance, tilted or not") {
    for (const double slope : {-0.4, 0.0, 0.3}) {
        const double across = 10 * std::hypot(1.0, slope);
        const auto edges = edges_between(
            200, [=](double x) { return 50 + slope * x; },
            [=](double x) { return 50 + across + slope * x; }, 0.8);
        INFO("slope " << slope);
        CHECK(segment::crossing_at(edges, 90).length() == Approx(10).margin(1e-6));
        const JointWidths widths = segment::measure_widths(edges, Spacing{0.5, 0.5});
        CHECK(widths.minimum_px == Approx(10).margin(1e-6));
        CHECK(widths.left_mean_px == Approx(10).margin(1e-6));
        CHECK(*widths.right_mean_mm == Approx(5).margin(1e-6));
        REQUIRE(widths.standard.size() == 10);
        for (const auto& at : widths.standard)
            CHECK(*at.mm == Approx(5).margin(1e-6));
        CHECK(widths.joint_line_px == Approx(199 * 0.8 * std::hypot(1.0, slope)));
    }
}

TEST_CASE("radiograph widths: without a spacing there is no millimetre") {
    const JointWidths widths = segment::measure_widths(knee_edges(), std::nullopt);
    CHECK_FALSE(widths.left_mm);
    CHECK_FALSE(widths.minimum_mm);
    CHECK_FALSE(widths.right_mean_mm);
    for (const auto& at : widths.standard)
        CHECK_FALSE(at.mm);
}

TEST_CASE("radiograph widths: columns that touch count as no width") {
    JointEdges edges = knee_edges();
    std::fill(edges.closed.begin() + 20, edges.closed.begin() + 40, char{1});
    const JointWidths widths = segment::measure_widths(edges, Spacing{0.3, 0.3});
    CHECK(widths.bone_on_bone);
    CHECK(widths.left_px == 0);
    CHECK(*widths.minimum_mm == 0);
    CHECK(widths.right_px == Approx(9).margin(0.2));
    CHECK(widths.standard[1].px == 0);
    CHECK(widths.left_mean_px < 12);
}

TEST_CASE("radiograph widths: narrowing is told in millimetres, by sides without them") {
    const auto judged = [](double left, double right, bool calibrated) {
        const std::optional<Spacing> spacing =
            calibrated ? std::optional<Spacing>({0.3, 0.3}) : std::nullopt;
        const auto widths = segment::measure_widths(knee_edges(0, left, right), spacing);
        return segment::judge_narrowing(widths, 1.0, spacing);
    };
    CHECK(judged(18, 17, true).degree == NarrowingDegree::none);
    CHECK(judged(18, 17, true).narrowed_probability < 0.05);
    CHECK(judged(18, 5, true).degree == NarrowingDegree::narrowed);
    CHECK(judged(7, 7, true).degree == NarrowingDegree::narrowed);  // 2.1 mm
    CHECK(judged(7, 7, false).degree == NarrowingDegree::none);     // alike on both sides
    CHECK(judged(18, 5, false).degree == NarrowingDegree::narrowed);
    const auto unsure = judged(10, 10, true);
    CHECK(unsure.narrowed_probability == Approx(0.5).margin(0.1));
    CHECK(judged(18, 9, true).asymmetry == Approx(0.5).margin(0.02));
}

TEST_CASE("radiograph landmarks: spines, plateaus, condyles and notch are where they were drawn") {
    for (const double slope : {-0.2, 0.0, 0.2}) {
        const auto landmarks = segment::find_landmarks(knee_edges(slope));
        REQUIRE(landmarks.size() == 16);
        std::map<std::string, double> x;
        for (const auto& l : landmarks)
            x[l.name] = l.at.x - 30;
        INFO("slope " << slope);
        CHECK(x["tibia-left-margin"] == 0);
        CHECK(x["tibia-right-margin"] == 200);
        CHECK(x["tibia-left-spine"] == Approx(85).margin(2));
        CHECK(x["tibia-right-spine"] == Approx(115).margin(2));
        CHECK(x["tibia-between-spines"] == Approx(100).margin(4));
        CHECK(x["femur-notch"] == Approx(100).margin(2));
        CHECK(x["femur-left-notch-wall"] == Approx(100 - 14 * 1.18).margin(3));
        CHECK(x["femur-right-notch-wall"] == Approx(100 + 14 * 1.18).margin(3));
        for (std::size_t i = 1; i < landmarks.size(); ++i)
            if (i != 9) CHECK(landmarks[i - 1].at.x <= landmarks[i].at.x);
    }
    CHECK(segment::find_landmarks(edges_between(
                                      20, [](double) { return 1.0; }, [](double) { return 2.0; }))
              .empty());
}

TEST_CASE("radiograph widths: through the landmarks of real knees they are those of their grades") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    std::ifstream file(data / "xray-landmarks.csv");
    if (!file) {
        WARN("skipped: no landmarks among the real frames");
        return;
    }
    const std::regex row(R"re([^,]*,[LR],([0-4]),"([^"]*)","([^"]*)",[^]*)re");
    std::array<std::vector<double>, 5> known, measured, narrowest;
    std::vector<double> differences;
    for (std::string line; std::getline(file, line);) {
        std::smatch parts;
        if (!std::regex_match(line, parts, row)) continue;
        const auto grade = static_cast<std::size_t>(std::stoi(parts[1]));
        const auto tibia = points_in(parts[2]), femur = points_in(parts[3]);
        // Bones that overlap have a distance too, which the widths do not count.
        const auto distance = [&](PixelPoint outer) {
            return kMm * distance_to_polyline(outer, tibia);
        };
        const double left = distance(femur.front()), right = distance(femur.back());
        known[grade].push_back(std::min(left, right));
        const auto edges = edges_through(femur, tibia);
        const auto width = [&](int column) {
            return segment::crossing_at(edges, column).length(kMm, kMm);
        };
        const double left_width = width(0), right_width = width(edges.columns() - 1);
        measured[grade].push_back(std::min(left_width, right_width));
        if (left_width > 0) differences.push_back(std::abs(left_width - left));
        if (right_width > 0) differences.push_back(std::abs(right_width - right));
        narrowest[grade].push_back(*segment::measure_widths(edges, Spacing{kMm, kMm}).minimum_mm);
    }
    constexpr std::array kMedians{5.7, 5.8, 5.6, 4.2, 2.6};  // mm, of that distance
    for (std::size_t grade = 0; grade < 5; ++grade) {
        REQUIRE(known[grade].size() > 20);
        INFO("grade " << grade << ", " << known[grade].size() << " knees: at the outer landmarks "
                      << median_of(measured[grade]) << " mm, narrowest "
                      << median_of(narrowest[grade]) << " mm");
        CHECK(median_of(known[grade]) == Approx(kMedians[grade]).margin(0.3));
        CHECK(median_of(narrowest[grade]) < median_of(measured[grade]));
        if (grade < 4) CHECK(median_of(measured[grade]) == Approx(kMedians[grade]).margin(0.3));
    }
    INFO("median difference " << median_of(differences) << " mm");
    CHECK(median_of(differences) < 0.3);
    CHECK(median_of(narrowest[0]) > 4);
    CHECK(median_of(narrowest[4]) < 2);
}
