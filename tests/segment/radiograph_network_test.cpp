// SPDX-License-Identifier: Apache-2.0
#include "support/drawn_knee.hpp"
#include "support/small_network.hpp"

#include <guide/evaluate/overlap.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace guide;

namespace {

std::string sealed(std::string onnx, std::string_view version = "1") {
    return test::sealed(std::move(onnx), version, "guide.radiograph-network");
}

std::string code_of(std::string_view file) {
    const auto network = segment::RadiographNetwork::from(file);
    return network ? "" : network.error().code;
}

/// Log-odds: `constant` + `brightness` times the local brightness, in standard deviations.
segment::SegmentOptions with_network(float brightness, float constant) {
    auto network =
        segment::RadiographNetwork::from(sealed(test::small_network(brightness, constant, 2, 1)));
    REQUIRE(network);
    return {View::xray_ap, nullptr, *network};
}

double dice_of(const Anatomy& anatomy, const Image<std::uint8_t>& truth) {
    const auto mask = segment::joint_space_mask(anatomy);
    return evaluate::overlap(mask.view(), truth.view()).dice;
}

constexpr float kDark = -8, kDarkAt = -6;  // "what is dark is joint space"

}  // namespace

TEST_CASE("radiograph network: files that are not for it are refused") {
    const std::string onnx = test::small_network(kDark, kDarkAt, 2, 1);
    CHECK(code_of("") == "not-a-network");
    CHECK(code_of(onnx) == "not-a-network");
    CHECK(code_of(test::sealed(onnx)) == "not-a-network");  // an ultrasound network's mark
    CHECK(code_of(sealed(onnx, "2")) == "network-version");
    CHECK(code_of(sealed("no protocol buffer")) == "network-unreadable");
    CHECK(code_of(sealed(onnx)) == "");
    std::string damaged = sealed(onnx);
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 4);
    CHECK(code_of(damaged) == "network-damaged");
}

TEST_CASE("radiograph network: other planes, more classes and wild numbers are refused") {
    CHECK(code_of(sealed(test::small_network(kDark, kDarkAt, 3, 1))) != "");
    CHECK(code_of(sealed(test::small_network(kDark, kDarkAt, 2, 5))) == "network-shape");
    CHECK(code_of(sealed(test::small_network(kDark, std::numeric_limits<float>::quiet_NaN(), 2,
                                             1))) == "network-shape");
}

TEST_CASE("radiograph network: with one that sees the joint the band stays and is believed") {
    const test::Knee knee;
    const Frame frame = test::drawn(knee);
    const auto plain = segment::find_anatomy(frame, {View::xray_ap});
    const auto found = segment::find_anatomy(frame, with_network(kDark, kDarkAt));
    REQUIRE(plain.joint_space);
    REQUIRE(found.joint_space);
    CHECK(dice_of(found, test::truth_of(knee)) > 0.9);
    CHECK(found.joint_space->confidence > 0.6 * plain.joint_space->confidence);
    CHECK(found.joint_space->confidence < plain.joint_space->confidence);
}

TEST_CASE("radiograph network: where it sees nothing the edges stand with half the confidence") {
    const Frame frame = test::drawn({});
    const auto plain = segment::find_anatomy(frame, {View::xray_ap});
    const auto found = segment::find_anatomy(frame, with_network(0, -5));
    REQUIRE(plain.joint_space);
    REQUIRE(found.joint_space);
    CHECK(found.joint_space->contours == plain.joint_space->contours);
    CHECK(found.joint_space->confidence == Approx(plain.joint_space->confidence / 2));
}

TEST_CASE("radiograph network: same result for any number of threads, and for a negative") {
    const Frame frame = test::drawn({.tilt = 0.1});
    const auto options = with_network(kDark, kDarkAt);
    const auto one = segment::find_anatomy(frame, options, {1});
    const auto two = segment::find_anatomy(frame, options, {2});
    REQUIRE(one.joint_space);
    REQUIRE(two.joint_space);
    CHECK(one.joint_space->contours == two.joint_space->contours);
    CHECK(one.joint_space->confidence == two.joint_space->confidence);
    Frame negative = test::drawn({.tilt = 0.1});
    for (int y = 0; y < negative.intensity.height(); ++y)
        for (int x = 0; x < negative.intensity.width(); ++x)
            negative.intensity.at(x, y) = 255 - negative.intensity.at(x, y);
    const auto inverted = segment::find_anatomy(negative, options);
    REQUIRE(inverted.joint_space);
    CHECK(dice_of(inverted, segment::joint_space_mask(one)) > 0.99);
}

TEST_CASE("radiograph network: pictures of no knee are refused as without it") {
    Frame grey;
    grey.intensity = Image<float>(200, 200, 90.0F);
    const auto found = segment::find_anatomy(grey, with_network(kDark, kDarkAt));
    REQUIRE_FALSE(found.joint_space);
    CHECK(found.joint_space.error().code == "blank");
}
