// SPDX-License-Identifier: Apache-2.0
#include "support/small_network.hpp"

#include <guide/geometry/polygon.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <string>

using namespace guide;

namespace {

// "Darker than a fifth of the tissue is joint space", and its contrary.
constexpr float kDark = -20, kDarkAt = -10;

std::string code_of(std::string_view file) {
    const auto network = segment::RecessNetwork::from(file);
    return network ? "" : network.error().code;
}

std::shared_ptr<const segment::RecessNetwork> network_of(float echo, float constant) {
    auto network = segment::RecessNetwork::from(test::sealed(test::small_network(echo, constant)));
    REQUIRE(network);
    return *network;
}

/// A lake of 16 x 8 mm in tissue with grain, bone and its shadow below.
Frame lake() {
    Frame frame;
    frame.intensity = Image<float>(400, 360);
    for (int y = 0; y < 360; ++y) {
        for (int x = 0; x < 400; ++x) {
            const double u = (x - 200) / 80.0, v = (y - 190) / 40.0;
            float echo = 100.0F + static_cast<float>((x / 3 * 7 + y / 2 * 11) % 40);
            if (y > 300) echo = y < 306 ? 250.0F : 1.0F;
            if (u * u + v * v < 1) echo = 3;
            frame.intensity.at(x, y) = echo;
        }
    }
    frame.display_low = 0;
    frame.display_high = 255;
    frame.modality = Modality::ultrasound;
    frame.spacing = Spacing{0.1, 0.1};
    frame.content_box = PixelBox{0, 0, 400, 360};
    return frame;
}

}  // namespace

TEST_CASE("recess network: a file that the training program has not sealed is refused") {
    const std::string onnx = test::small_network(kDark, kDarkAt);
    CHECK(code_of("") == "not-a-network");
    CHECK(code_of("\x89PNG") == "not-a-network");
    CHECK(code_of(onnx) == "not-a-network");
    CHECK(code_of(test::sealed(onnx, "2")) == "network-version");
    CHECK(code_of(test::sealed("no protocol buffer")) == "network-unreadable");
    CHECK(code_of(test::sealed(onnx)) == "");
}

TEST_CASE("recess network: a damaged file is refused wherever it is damaged") {
    const std::string file = test::sealed(test::small_network(kDark, kDarkAt));
    for (std::size_t i = 0; i < file.size(); i += 7) {
        std::string damaged = file;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        CHECK(code_of(damaged) != "");
    }
    CHECK(code_of(file.substr(0, file.size() - 1)) != "");
}

TEST_CASE("recess network: other planes, other classes and wild numbers are refused") {
    CHECK(code_of(test::sealed(test::small_network(kDark, kDarkAt, 3))) != "");
    CHECK(code_of(test::sealed(test::small_network(kDark, kDarkAt, 6, 2))) == "network-shape");
    CHECK(code_of(test::sealed(test::small_network(
              kDark, std::numeric_limits<float>::quiet_NaN()))) == "network-shape");
}

TEST_CASE("recess network: it finds what it was made to find") {
    const Frame frame = lake();
    const auto found =
        segment::find_anatomy(frame, {View::suprapatellar_long, network_of(kDark, kDarkAt)});
    REQUIRE(found.joint_space);
    CHECK(polygon_contains(found.joint_space->contours.front(), {200, 190}));
    CHECK(polygon_area(found.joint_space->contours.front()) == Approx(10053).epsilon(0.15));
}

TEST_CASE("recess network: it is believed as far as the model agrees") {
    const Frame frame = lake();
    const auto like =
        segment::find_anatomy(frame, {View::suprapatellar_long, network_of(kDark, kDarkAt)});
    const auto contrary =
        segment::find_anatomy(frame, {View::suprapatellar_long, network_of(-kDark, 2)});
    REQUIRE(like.joint_space);
    REQUIRE(contrary.joint_space);
    const PixelPoint target = contrary.joint_space->target;
    CHECK(std::hypot((target.x - 200) / 80, (target.y - 190) / 40) > 1);
    CHECK(contrary.joint_space->confidence <= 0.55);
    CHECK(contrary.joint_space->confidence < like.joint_space->confidence);
}

TEST_CASE("recess network: where it sees nothing the model stands with half its confidence") {
    const Frame frame = lake();
    const auto classical = segment::find_anatomy(frame, {View::suprapatellar_long});
    const auto found = segment::find_anatomy(frame, {View::suprapatellar_long, network_of(0, -20)});
    REQUIRE(classical.joint_space);
    REQUIRE(found.joint_space);
    CHECK(found.joint_space->contours == classical.joint_space->contours);
    CHECK(found.joint_space->confidence == Approx(classical.joint_space->confidence / 2));
}

TEST_CASE("recess network: same result for any number of threads") {
    const Frame frame = lake();
    const auto network = network_of(kDark, kDarkAt);
    const auto one = segment::find_anatomy(frame, {View::medial, network}, {1});
    const auto two = segment::find_anatomy(frame, {View::medial, network}, {2});
    REQUIRE(one.joint_space);
    REQUIRE(two.joint_space);
    CHECK(one.joint_space->contours == two.joint_space->contours);
    CHECK(one.joint_space->confidence == two.joint_space->confidence);
}
