// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/io/mayacam.hpp>
#include <guide/io/write.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <string>

using namespace guide;

namespace {

const char* const kText =
    "image size\r\n640,480\r\n\r\ncamera matrix\n5000,0,320\n0,5000,240\n0,0,1\n\nrotation\n"
    "1,0,0\n0,0.8,-0.6\n0,0.6,0.8\n\ntranslation\n1.5\n-2\n1000\n";

std::string fault_of(const std::string& text) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "calibration.txt";
    io::write_text(file, text);
    try {
        (void)io::read_mayacam(file);
    } catch (const IoError& e) {
        CHECK(std::string(e.path()) == file.string());
        return e.code() + ": " + e.what();
    }
    return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("MayaCam: what is written is read back to the bit") {
    const test::TemporaryFolder folder;
    io::write_text(folder.path() / "a.txt", kText);
    const auto a = io::read_mayacam(folder.path() / "a.txt");
    CHECK(a.width == 640);
    CHECK(a.height == 480);
    CHECK(a.camera.intrinsic(0, 2) == 320);
    CHECK(a.camera.translation.z() == 1000);
    io::write_mayacam(folder.path() / "b.txt", a);
    const auto b = io::read_mayacam(folder.path() / "b.txt");
    CHECK((a.camera.rotation - b.camera.rotation).norm() < 1e-15);
    CHECK(a.camera.intrinsic == b.camera.intrinsic);
    CHECK(a.camera.translation == b.camera.translation);
}

TEST_CASE("MayaCam: a bad file is refused with the block that is wrong") {
    using Catch::Contains;
    CHECK_THAT(fault_of(""), Contains("image size"));
    CHECK_THAT(fault_of(replaced(kText, "rotation", "turning")), Contains("rotation"));
    CHECK_THAT(fault_of(replaced(kText, "5000,0,320", "5000,zero,320")), Contains("zero"));
    CHECK_THAT(fault_of(replaced(kText, "5000,0,320", "5000,0")), Contains("2 numbers"));
    CHECK_THAT(fault_of(replaced(kText, "640,480", "640,-1")), Contains("image size"));
    CHECK_THAT(fault_of(replaced(kText, "1.5\n-2\n1000\n", "1.5\n")), Contains("cut short"));
    CHECK_THAT(fault_of(replaced(kText, "1,0,0", "2,0,0")), Contains("rotation"));
    CHECK_THAT(fault_of(replaced(kText, "1000", "inf")), Contains("no number"));
    CHECK_THROWS_AS(io::read_mayacam("/no/such/file.txt"), IoError);
}

TEST_CASE("MayaCam: screws on a real knee are seen at one place by both tubes") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("Skipped: the shared frames are not here.");
        return;
    }
    const auto one = io::read_mayacam(*data / "fluoro-knee" / "xr_calib_left_knee_cam01.txt"),
               two = io::read_mayacam(*data / "fluoro-knee" / "xr_calib_left_knee_cam02.txt");
    CHECK(one.width == 1760);
    // Heads of two screws on the skin, by eye, in both views of frame 138.
    const PixelPoint seen[2][2] = {{{319, 561}, {1329, 1087}}, {{918, 505}, {700, 1212}}};
    for (const auto& screw : seen) {
        const auto found = triangulate({{one.camera, screw[0], 3}, {two.camera, screw[1], 3}});
        REQUIRE(found);
        CHECK(found->ray_miss_mm < 2);
        CHECK(one.camera.mm_per_pixel(found->point) == Approx(0.161).epsilon(0.1));
    }
}
