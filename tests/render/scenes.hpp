// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/frame_source.hpp>
#include <guide/io/write.hpp>
#include <guide/render/overlay.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace guide::test {

/// A plain frame: grey from left to right, a dark lens and a bright line under it.
inline Frame make_frame(int width, int height, std::optional<Spacing> spacing) {
    Image<std::uint8_t> grey(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = (x + 0.5) / width, v = (y + 0.5) / height;
            double value = 60 + 60 * u;
            if (std::hypot((u - 0.5) / 0.25, (v - 0.5) / 0.06) < 1) value = 15;
            if (std::abs(v - 0.75 - 0.04 * std::sin(5 * u)) < 0.012) value = 230;
            grey.at(x, y) = static_cast<std::uint8_t>(value);
        }
    }
    Frame frame = frame_from_grey(grey.view());
    frame.modality = Modality::ultrasound;
    frame.spacing = spacing;
    if (spacing) frame.spacing_source = SpacingSource::user;
    return frame;
}

/// What make_frame shows.
inline Anatomy make_anatomy(const Frame& frame) {
    const double w = frame.intensity.width(), h = frame.intensity.height();
    Anatomy anatomy;
    anatomy.grid = frame.grid();
    anatomy.content_box = frame.grid().bounds();
    anatomy.view = View::suprapatellar_long;
    anatomy.skin = {{0, 0}, {w - 1, 0}};
    BoneSurface femur{BoneKind::femur, {}, 0.9};
    for (int i = 0; i <= 40; ++i) {
        const double u = i / 40.0;
        femur.points.push_back({u * (w - 1), (0.75 + 0.04 * std::sin(5 * u)) * h});
    }
    anatomy.bones.push_back(femur);
    JointSpace joint;
    PixelPolygon lens;
    for (int i = 0; i < 60; ++i) {
        const double a = i / 60.0 * 2 * 3.14159265358979;
        lens.push_back({(0.5 + 0.25 * std::cos(a)) * w, (0.5 + 0.06 * std::sin(a)) * h});
    }
    joint.contours = {lens};
    joint.target = {0.5 * w, 0.5 * h};
    joint.confidence = 0.8;
    if (frame.spacing) {
        joint.depth_mm = 0.44 * h * frame.spacing->y_mm;
        joint.thickness_mm = 0.12 * h * frame.spacing->y_mm;
        joint.effusion = true;
    }
    anatomy.joint_space = joint;
    return anatomy;
}

/// A needle from beside the frame to the middle of the lens.
inline plan::Plan make_plan(const Frame& frame) {
    const double w = frame.intensity.width(), h = frame.intensity.height();
    plan::Plan plan;
    plan.status = plan::PlanStatus::planned;
    plan.approach = "superolateral";
    for (int i = 0; i < 3; ++i) {
        plan::Candidate c;
        c.rank = i + 1;
        c.entry = {(-0.2 + 0.05 * i) * w, 0};
        c.target = {(0.5 + 0.02 * i) * w, 0.5 * h};
        c.angle_deg = 31.2;
        if (frame.spacing) {
            c.path_mm = length(to_mm(c.target - c.entry, *frame.spacing));
            c.p_hit = 0.87;
            c.tip_sigma_mm = 2.07;
            c.clearance_mm["bone"] = 6.4;
        }
        plan.candidates.push_back(c);
    }
    if (!frame.spacing) {
        plan.status = plan::PlanStatus::uncalibrated;
        plan.reason = Reason{"uncalibrated", "The frame has no scale: no limit was checked."};
    }
    return plan;
}

inline plan::Plan make_refusal() {
    plan::Plan plan;
    plan.status = plan::PlanStatus::refused;
    plan.approach = "superolateral";
    plan.reason = Reason{"all-rejected", "Every path to the joint space breaks a limit."};
    plan.rejected.push_back({"needle-length", 812, 4.2, "mm", "Longer than the needle."});
    plan.rejected.push_back({"bone", 97, 0.01, "mm", "Nearer to bone than 2 mm."});
    return plan;
}

/// Compares `picture` with tests/baselines/render/NAME.png: equal but for what another version of
/// the font engine or the rasteriser may do to edges. Set GUIDE_UPDATE_BASELINES to write it anew.
/// A picture that differs is left in the working folder as NAME.actual.png.
inline void check_picture(const Image<Rgb8>& picture, const std::string& name) {
    const std::filesystem::path path = baselines() / "render" / (name + ".png");
    if (std::getenv("GUIDE_UPDATE_BASELINES") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        io::write_png(path, picture.view());
        return;
    }
    const Frame wanted = io::open(path)->read(0);
    INFO("baseline " << path.string());
    REQUIRE(wanted.colour.width() == picture.width());
    REQUIRE(wanted.colour.height() == picture.height());
    double sum = 0;
    std::size_t different = 0;
    for (std::size_t i = 0; i < picture.size(); ++i) {
        const Rgb8 a = picture.data()[i], b = wanted.colour.data()[i];
        const int worst = std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
        sum += worst;
        different += worst > 32 ? 1u : 0u;
    }
    const double mean = sum / static_cast<double>(picture.size());
    const double share = static_cast<double>(different) / static_cast<double>(picture.size());
    if (mean > 1.0 || share > 0.005) io::write_png(name + ".actual.png", picture.view());
    CHECK(mean <= 1.0);
    CHECK(share <= 0.005);
}

}  // namespace guide::test
